"""Refused rules: the one family of exceptions that pages and activities translate."""

from __future__ import annotations

from collections.abc import Sequence


class RuleViolation(Exception):
    """A rule of the programme refuses an act.

    `code` names the rule and is what pages translate by; `message` says it in plain English;
    `field` is the form field beside which it is shown; `values` fill the translation's placeholders.
    """

    def __init__(self, code: str, message: str, field: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.values = values

    @property
    def violations(self) -> tuple[RuleViolation, ...]:
        """Every single violation in it."""
        return (self,)


class Violations(RuleViolation):
    """Several rules refuse one act at once."""

    def __init__(self, violations: Sequence[RuleViolation]) -> None:
        first = violations[0]
        super().__init__(first.code, first.message, first.field, **first.values)
        self._all = tuple(violations)

    @property
    def violations(self) -> tuple[RuleViolation, ...]:
        return self._all


def refuse(violations: Sequence[RuleViolation]) -> None:
    """Raise what was found, if anything was."""
    if violations:
        raise Violations(violations)
