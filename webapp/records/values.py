"""One answer in words, and as a person would type it."""

from __future__ import annotations

from flask_babel import format_decimal

from models.domain.records.fields import Field, FieldKind
from models.queries.records.choices import label_of
from webapp.core.text.language import current_language

LENGTH_OF_AN_AMERICAN_NUMBER = len("+19195550123")


def shown(field: Field, value: str | int | None) -> str | None:
    """One value in words: the name of a choice, a phone number with its spaces, digits in groups."""
    if value is None or value == "":
        return None
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return label_of(field.choices, str(value), current_language())
    if field.kind is FieldKind.PHONE:
        return shown_phone(str(value))
    return str(format_decimal(value)) if isinstance(value, int) else value


def shown_phone(number: str) -> str:
    """A number of North America with its parts set apart; any other as it is."""
    if number.startswith("+1") and len(number) == LENGTH_OF_AN_AMERICAN_NUMBER:
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def typed(field: Field, value: str | int | None) -> str:
    """A saved value as a person would type it."""
    if value is None:
        return ""
    return shown_phone(str(value)) if field.kind is FieldKind.PHONE else str(value)
