"""The answers of the enrollment's sections: checked as those of any record, with the rules of the enrollment alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.fields import LANGUAGES, SECTIONS
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records import answers as records
from models.domain.records.fields import Field
from models.domain.records.values import Answers, Choices, Value


def check_answers(section: SectionKind, raw: Mapping[str, object], choices: Choices) -> dict[str, Value]:
    """The given answers in their one spelling, None where one was emptied; raises every violation at once."""
    return records.check_answers(SECTIONS[section], raw, choices)


def check_form(fields: Sequence[Field], raw: Mapping[str, object]) -> dict[str, str]:
    """Every field of a short form without choices in its one spelling, all required; raises every violation at once."""
    return records.check_form(fields, raw, {})


def check_language(language: str) -> str:
    """A language that the product speaks."""
    if language not in LANGUAGES:
        raise RuleViolation("unknown_choice", "Choose one from the list.", "language")
    return language


def merge_answers(answers: Answers, changes: Mapping[str, Value]) -> dict[str, str | int]:
    """The answers after some were given anew and some emptied."""
    return records.merge_answers(answers, changes)


def missing_answers(
    section: SectionKind, answers: Answers, *, choices: Choices, listed_locations: int = 0
) -> list[RuleViolation]:
    """What keeps a section from being complete.

    | rule                                                                   | source                    |
    |------------------------------------------------------------------------|---------------------------|
    | every required field has an answer                                     | CDC agreement, * fields   |
    | the number of locations equals the locations listed (section A)        | proposal                  |
    | a county of North Carolina and its ZIP code fit the state              | CVRS tool rules           |
    | at least one temperature band has room (section B)                     | CDC agreement, capacity   |
    """
    found = records.missing_answers(SECTIONS[section], answers, choices)
    return found + _location_count(answers, listed_locations) if section is SectionKind.A else found


def _location_count(answers: Answers, listed: int) -> list[RuleViolation]:
    if answers.get("location_count", listed) == listed and listed:
        return []
    message = f"You listed {listed} locations. The number must be the same."
    return [RuleViolation("location_count", message, "location_count", listed=listed)]
