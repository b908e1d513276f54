"""The answers of a record as a whole: which are wrong, which are missing, which do not fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.domain.core.violations import RuleViolation, refuse
from models.domain.records.fields import Field
from models.domain.records.sections import Rule, Section, Step
from models.domain.records.values import Answers, Choices, Value, normalize


def check_answers(section: Section, raw: Mapping[str, object], choices: Choices) -> dict[str, Value]:
    """The given answers in their one spelling, None where one was emptied; raises every violation at once."""
    found: list[RuleViolation] = []
    checked: dict[str, Value] = {}
    for name, value in raw.items():
        field = section.field(name)
        try:
            if field is None:
                raise RuleViolation("unknown_field", "This section has no such field.", name)
            checked[name] = normalize(field, value, choices)
        except RuleViolation as violation:
            found.append(violation)
    refuse(found)
    return checked


def check_form(fields: Sequence[Field], raw: Mapping[str, object], choices: Choices) -> dict[str, str]:
    """Every field of a short form in its one spelling, all of them required; raises every violation at once."""
    found: list[RuleViolation] = []
    checked: dict[str, str] = {}
    for field in fields:
        try:
            value = normalize(field, raw.get(field.name), choices)
            if value is None:
                raise missing(field)
            checked[field.name] = str(value)
        except RuleViolation as violation:
            found.append(violation)
    refuse(found)
    return checked


def check_field(field: Field, typed: str | None, choices: Choices) -> tuple[RuleViolation, ...]:
    """What is wrong with one typed answer, a required one that is missing included."""
    if not typed:
        return (missing(field),) if field.required else ()
    try:
        normalize(field, typed, choices)
    except RuleViolation as violation:
        return violation.violations
    return ()


def merge_answers(answers: Answers, changes: Mapping[str, Value]) -> dict[str, str | int]:
    """The answers after some were given anew and some emptied."""
    merged = {**answers, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def missing_answers(section: Section, answers: Answers, choices: Choices) -> list[RuleViolation]:
    """What keeps a section from being complete: required answers that are not there, and its rules."""
    found = [missing(field) for field in section.fields if field.required and field.name not in answers]
    return found + unfit_answers(section.rules, answers, choices)


def unfit_answers(rules: Sequence[Rule], answers: Answers, choices: Choices) -> list[RuleViolation]:
    """What does not fit together. A page asks it of its own answers, so that it says so and no later one."""
    return [violation for rule in rules for violation in rule(answers, choices)]


def answered(step: Step, answers: Answers) -> bool:
    """Whether every required answer of a page is there."""
    return all(field.name in answers for field in step.fields if field.required)


def begun(step: Step, answers: Answers) -> bool:
    """Whether some answer of a page is there."""
    return any(field.name in answers for field in step.fields)


def missing(field: Field) -> RuleViolation:
    """That a required answer is not there."""
    return RuleViolation("missing", f"Enter: {field.label}.", field.name, label=field.label)
