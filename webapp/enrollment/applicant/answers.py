"""The answers of a section as people read them: labels, values in words, grouped by the pages of the section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, gettext

from models.domain.enrollment.fields import Field, FieldKind, Step, fields_of, steps_of
from models.domain.enrollment.lifecycle import SectionKind
from models.queries.enrollment.reference import label_of
from webapp.core.text.language import current_language

Answers = Mapping[str, str | int]
Change = Callable[[Step, Field], str]


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The rows of one page, for the summary list."""

    title: str
    rows: tuple[dict[str, Any], ...]


def answer_groups(
    section: SectionKind,
    answers: Answers,
    *,
    change: Change | None = None,
    notes: Mapping[str, str] | None = None,
    only_given: bool = False,
) -> tuple[AnswerGroup, ...]:
    """Every answer, page by page. `change` gives the address where one is changed; `notes` what a reviewer said."""
    found = []
    for step in steps_of(section):
        fields = [field for field in fields_of(section, step.name) if field.name in answers or not only_given]
        rows = tuple(_row(step, field, answers, change, notes or {}) for field in fields)
        if rows:
            found.append(AnswerGroup(gettext(step.title), rows))
    return tuple(found)


def shown(field: Field, value: str | int | None) -> str | None:
    """One value in words: the name of a choice, a phone number with its spaces, digits in groups."""
    if value is None or value == "":
        return None
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return label_of(field.choices, str(value), current_language())
    if field.kind is FieldKind.PHONE:
        return shown_phone(str(value))
    return str(format_decimal(value)) if isinstance(value, int) else value


def _row(step: Step, field: Field, answers: Answers, change: Change | None, notes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": gettext(field.label),
        "value": shown(field, answers.get(field.name)),
        "missing": gettext("Not given") if field.required else gettext("None"),
        "note": notes.get(field.name),
        "change": change(step, field) if change else None,
    }


def shown_phone(number: str) -> str:
    """A number of North America with its parts set apart; any other as it is."""
    if number.startswith("+1") and len(number) == len("+19195550123"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number
