"""The reason that a person gives for an act: one limit, wherever it is typed."""

from __future__ import annotations

from models.domain.core.violations import RuleViolation

MAX_REASON = 2000
"""Characters."""


def reason_problems(reason: str, *, field: str = "reason") -> list[RuleViolation]:
    """What is wrong with a reason that need not be given: `too_long`."""
    if len(reason) <= MAX_REASON:
        return []
    return [RuleViolation("too_long", f"Use {MAX_REASON} characters or fewer.", field, max=MAX_REASON)]
