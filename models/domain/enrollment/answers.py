"""The answers of a section as a whole: which are wrong, which are missing, which do not fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.domain.core.violations import RuleViolation, refuse
from models.domain.enrollment.fields import CAPACITY_FIELDS, LANGUAGES, ChoiceSet, Field, fields_of, find_field
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.places import Places
from models.domain.records.values import Choices, Value, normalize

Answers = Mapping[str, str | int]

_ADDRESSES = ("", "cmo_", "ceo_")
"""What the names of an address's fields begin with in section A."""


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


def unfit_answers(section: SectionKind, answers: Answers, *, choices: Choices, places: Places) -> list[RuleViolation]:
    """What does not fit together among answers of one page, so that the page says it and no later one.

    | rule                                                                   | source                    |
    |------------------------------------------------------------------------|---------------------------|
    | a county of North Carolina is one of its 100                           | CVRS tool rules           |
    | a ZIP code is one of its state                                         | CVRS tool rules           |
    | at least one temperature band has room (section B)                     | CDC agreement, capacity   |
    """
    if section is SectionKind.B:
        return _capacity(answers)
    return [problem for prefix in _ADDRESSES for problem in _address(answers, prefix, choices, places)]


def missing_answers(
    section: SectionKind, answers: Answers, *, choices: Choices, places: Places, listed_locations: int = 0
) -> list[RuleViolation]:
    """What keeps a section from being complete: what is missing, and what does not fit together.

    | rule                                                                   | source                    |
    |------------------------------------------------------------------------|---------------------------|
    | every required field has an answer                                     | CDC agreement, * fields   |
    | the number of locations equals the locations listed (section A)        | proposal                  |
    """
    found = [
        RuleViolation("missing", f"Enter: {field.label}.", field.name, label=field.label)
        for field in fields_of(section)
        if field.required and field.name not in answers
    ]
    if section is SectionKind.A:
        found += _location_count(answers, listed_locations)
    return found + unfit_answers(section, answers, choices=choices, places=places)


def offered_counties(answers: Mapping[str, object], places: Places) -> dict[str, str]:
    """The county that each ZIP code offers where none was given, by the field's name."""
    offered = {
        f"{prefix}county": places.county(str(answers.get(f"{prefix}zip") or ""))
        for prefix in _ADDRESSES
        if not answers.get(f"{prefix}county")
    }
    return {name: county for name, county in offered.items() if county}


def _location_count(answers: Answers, listed: int) -> list[RuleViolation]:
    if answers.get("location_count", listed) == listed and listed:
        return []
    message = f"You listed {listed} locations. The number must be the same."
    return [RuleViolation("location_count", message, "location_count", listed=listed)]


def _address(answers: Answers, prefix: str, choices: Choices, places: Places) -> list[RuleViolation]:
    state, county, code = (answers.get(f"{prefix}{name}") for name in ("state", "county", "zip"))
    if state is None:
        return []
    found = []
    if state == "NC" and county is not None and county not in choices[ChoiceSet.COUNTIES]:
        message = "Enter one of the counties of North Carolina."
        found.append(RuleViolation("county_not_in_state", message, f"{prefix}county"))
    if code is not None and not places.fits(str(code), str(state)):
        message = "This ZIP code isn't in the state you chose. Correct the ZIP code or the state."
        found.append(RuleViolation("zip_not_in_state", message, f"{prefix}zip"))
    return found


def _capacity(answers: Answers) -> list[RuleViolation]:
    given = [answers[name] for name in CAPACITY_FIELDS if name in answers]
    if len(given) < len(CAPACITY_FIELDS) or any(given):
        return []
    message = "At least one of the three must be more than 0. A location must be able to store vaccine."
    return [RuleViolation("no_capacity", message, CAPACITY_FIELDS[0])]
