"""What a refused rule says to a person: its code, translated; its own plain English where no words stand here."""

from __future__ import annotations

from flask_babel import LazyString

from models.domain.violations import RuleViolation

RULE_MESSAGES: dict[str, LazyString] = {}


def say(violation: RuleViolation) -> str:
    """The sentence for one violation in the reader's language."""
    words = RULE_MESSAGES.get(violation.code)
    if words is None:
        return violation.message
    return str(words) % violation.values
