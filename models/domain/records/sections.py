"""What a record is made of: sections of steps, each a page with its fields, and the rules over the whole section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from models.domain.core.violations import RuleViolation
from models.domain.records.fields import Field
from models.domain.records.values import Answers, Choices

Rule = Callable[[Answers, Choices], Sequence[RuleViolation]]
"""What does not fit together among the answers of a section; it says nothing of answers that are missing."""


@dataclass(frozen=True, slots=True)
class Step:
    """A page of a section; `lead` says in a sentence what it is for."""

    name: StrEnum
    title: str
    fields: tuple[Field, ...]
    lead: str = ""
    section: str = ""


@dataclass(frozen=True)
class Section:
    """Steps that are completed together, in their order."""

    name: StrEnum
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order of the pages."""
        return tuple(field for step in self.steps for field in step.fields)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def field(self, name: str) -> Field | None:
        """The field of that name; None where the section has none."""
        return self._by_name.get(name)

    def step(self, name: str) -> Step | None:
        """The page of that name; None where the section has none."""
        return next((step for step in self.steps if step.name == name), None)

    def step_of(self, field_name: str) -> Step | None:
        """The page that asks for a field."""
        field = self.field(field_name)
        return self.step(field.step) if field else None

    def after(self, step: Step) -> Step | None:
        """The page that follows; None after the last."""
        names = [one.name for one in self.steps]
        following = self.steps[names.index(step.name) + 1 :]
        return following[0] if following else None


def section(name: StrEnum, *steps: Step, rules: Sequence[Rule] = ()) -> Section:
    """A section with its steps and fields placed in it. Raises `ValueError` where two fields share a name."""
    placed = tuple(
        replace(step, section=name, fields=tuple(replace(one, section=name, step=step.name) for one in step.fields))
        for step in steps
    )
    made = Section(name, placed, tuple(rules))
    if len({field.name for field in made.fields}) != len(made.fields):
        raise ValueError(f"two fields of section {name} share a name")
    return made


def under(prefix: str, fields: Sequence[Field], *, owner: str | None = None) -> tuple[Field, ...]:
    """The same fields under a prefix; with an owner they are that person's own."""
    return tuple(replace(field, name=f"{prefix}_{field.name}", owner=owner or field.owner) for field in fields)
