"""The answers of a section as a whole: which are wrong, which are missing, which do not fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.fields import CAPACITY_FIELDS, LANGUAGES, ChoiceSet, Field, fields_of, find_field
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.values import Choices, Value, normalize

Answers = Mapping[str, str | int]

_NC_ZIPS = ("27", "28")
"""Every ZIP code of North Carolina begins with one of these (270 to 289)."""


def check_answers(section: SectionKind, raw: Mapping[str, object], choices: Choices) -> dict[str, Value]:
    """The given answers in their one spelling, None where one was emptied; raises every violation at once."""
    found: list[RuleViolation] = []
    checked: dict[str, Value] = {}
    for name, value in raw.items():
        field = find_field(section, name)
        try:
            if field is None:
                raise RuleViolation("unknown_field", "This section has no such field.", name)
            checked[name] = normalize(field, value, choices)
        except RuleViolation as violation:
            found.append(violation)
    refuse(found)
    return checked


def check_form(fields: Sequence[Field], raw: Mapping[str, object]) -> dict[str, str]:
    """Every field of a short form in its one spelling, all of them required; raises every violation at once."""
    found: list[RuleViolation] = []
    checked: dict[str, str] = {}
    for field in fields:
        try:
            value = normalize(field, raw.get(field.name), {})
            if value is None:
                raise RuleViolation("missing", f"Enter: {field.label}.", field.name, label=field.label)
            checked[field.name] = str(value)
        except RuleViolation as violation:
            found.append(violation)
    refuse(found)
    return checked


def check_language(language: str) -> str:
    """A language that the product speaks."""
    if language not in LANGUAGES:
        raise RuleViolation("unknown_choice", "Choose one from the list.", "language")
    return language


def merge_answers(answers: Answers, changes: Mapping[str, Value]) -> dict[str, str | int]:
    """The answers after some were given anew and some emptied."""
    merged = {**answers, **changes}
    return {name: value for name, value in merged.items() if value is not None}


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
    found = [
        RuleViolation("missing", f"Enter: {field.label}.", field.name, label=field.label)
        for field in fields_of(section)
        if field.required and field.name not in answers
    ]
    if section is SectionKind.A:
        found += _location_count(answers, listed_locations)
        for prefix in ("", "cmo_", "ceo_"):
            found += _address(answers, prefix, choices)
        return found
    return found + _capacity(answers)


def _location_count(answers: Answers, listed: int) -> list[RuleViolation]:
    if answers.get("location_count", listed) == listed and listed:
        return []
    message = f"You listed {listed} locations. The number must be the same."
    return [RuleViolation("location_count", message, "location_count", listed=listed)]


def _address(answers: Answers, prefix: str, choices: Choices) -> list[RuleViolation]:
    state, county, code = (answers.get(f"{prefix}{name}") for name in ("state", "county", "zip"))
    if state != "NC":
        return []
    found = []
    if county is not None and county not in choices[ChoiceSet.COUNTIES]:
        message = "Enter one of the counties of North Carolina."
        found.append(RuleViolation("county_not_in_state", message, f"{prefix}county"))
    if code is not None and not str(code).startswith(_NC_ZIPS):
        message = "This ZIP code is not in North Carolina."
        found.append(RuleViolation("zip_not_in_state", message, f"{prefix}zip"))
    return found


def _capacity(answers: Answers) -> list[RuleViolation]:
    given = [answers[name] for name in CAPACITY_FIELDS if name in answers]
    if len(given) < len(CAPACITY_FIELDS) or any(given):
        return []
    message = "At least one of the three must be more than 0. A location must be able to store vaccine."
    return [RuleViolation("no_capacity", message, CAPACITY_FIELDS[0])]
