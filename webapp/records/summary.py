"""The answers of a section as people read them: labels, values in words, grouped by the pages of the section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from models.domain.records.fields import Field
from models.domain.records.sections import Section, Step
from models.domain.records.values import Answers
from webapp.records.values import shown

Address = Callable[[Field], str]
"""Where a field is changed."""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The rows of one page, for the summary list."""

    title: str
    rows: tuple[dict[str, Any], ...]


def answer_groups(
    section: Section,
    answers: Answers,
    *,
    change: Address | None = None,
    notes: Mapping[str, str] | None = None,
    only_given: bool = False,
) -> tuple[AnswerGroup, ...]:
    """Every answer, page by page; `notes` is what somebody said about a field."""
    groups = (_group(step, answers, change, notes or {}, only_given) for step in section.steps)
    return tuple(group for group in groups if group.rows)


def _group(
    step: Step, answers: Answers, change: Address | None, notes: Mapping[str, str], only_given: bool
) -> AnswerGroup:
    fields = (field for field in step.fields if field.name in answers or not only_given)
    return AnswerGroup(gettext(step.title), tuple(_row(field, answers, change, notes) for field in fields))


def _row(field: Field, answers: Answers, change: Address | None, notes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": gettext(field.label),
        "value": shown(field, answers.get(field.name)),
        "missing": said_when_missing(field),
        "note": notes.get(field.name),
        "change": change(field) if change else None,
    }


def said_when_missing(field: Field) -> str:
    """What stands in place of an answer that is not there."""
    return gettext("Not given") if field.required else gettext("None")
