"""One spelling for each kind of value: what a person typed, checked and normalized."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

from models.domain.core.violations import RuleViolation
from models.domain.records.email_addresses import normalize_email
from models.domain.records.fields import Field, FieldKind
from models.domain.records.phones import normalize_phone
from models.domain.records.typed_text import clean_text

Choices = Mapping[str, Collection[str]]
"""The codes of each list of reference data."""
Value = str | int | None
Answers = Mapping[str, str | int]
"""What was answered, by the names of the fields; what is not answered is not in it."""

_CONTROL = frozenset({"Cc", "Cs"})
_SPACES_AND_DASHES = re.compile(r"[\s\-\u2010-\u2015]+")
_LICENSE = re.compile(r"[A-Z0-9./]{2,20}")


def normalize(field: Field, raw: object, choices: Choices) -> Value:
    """The value in its one spelling, None when empty; raises `RuleViolation` naming the field.

    | kind    | spelling                                                                      |
    |---------|-------------------------------------------------------------------------------|
    | text    | as `clean_text` leaves it, at least one letter or digit                       |
    | phone   | E.164; without a country code it is a number of the United States             |
    | zip     | 5 digits, or 5-4                                                              |
    | license | as typed; `same_value` compares it without spaces, dashes and case            |
    | integer | digits only, between the field's bounds; spaces and thousands commas ignored  |
    | choice  | one of the field's choices                                                    |
    | county  | one of North Carolina's 100 where it is one, else as typed                    |
    """
    text = _plain_text(field, raw)
    if text is None:
        return None
    if field.choices is None:
        return _KINDS[field.kind](field, text)
    listed = choices[field.choices]
    return _county(field, text, listed) if field.kind is FieldKind.COUNTY else _choice(field, text, listed)


def _plain_text(field: Field, raw: object) -> str | None:
    if raw is None or isinstance(raw, bool) or not isinstance(raw, str | int):
        if raw is None:
            return None
        raise _wrong(field, "wrong_type", "This value has the wrong type.")
    text = clean_text(str(raw))
    if len(text) > field.max_length:
        raise _wrong(
            field,
            "too_long",
            f"Use {field.max_length} characters or fewer.",
            max=field.max_length,
        )
    if any(unicodedata.category(character) in _CONTROL for character in text):
        raise _wrong(field, "bad_characters", "Remove the characters that can't be displayed.")
    return text or None


def _text(field: Field, text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise _wrong(field, "no_letters", "Enter letters or digits.")
    return text


def _initial(field: Field, text: str) -> str:
    letter = text.rstrip(".").strip()
    if len(letter) != 1 or not letter.isalpha():
        raise _wrong(field, "bad_initial", "Enter one letter.")
    return letter.upper()


def _email(field: Field, text: str) -> str:
    try:
        return normalize_email(text)
    except RuleViolation as refused:
        raise _wrong(field, refused.code, refused.message) from refused


def _phone(field: Field, text: str) -> str:
    try:
        return normalize_phone(text)
    except RuleViolation as refused:
        raise _wrong(field, refused.code, refused.message) from refused


def _zip(field: Field, text: str) -> str:
    digits = _SPACES_AND_DASHES.sub("", text)
    if not re.fullmatch(r"[0-9]{5}([0-9]{4})?", digits) or digits[:5] == "00000":
        raise _wrong(field, "bad_zip", "Enter a ZIP code of 5 or 9 digits.")
    return digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"


def same_value(field: Field, one: Value, other: Value) -> bool:
    """Whether two stored values say the same, however a license is written."""
    if field.kind is FieldKind.LICENSE and one is not None and other is not None:
        return _license_key(str(one)) == _license_key(str(other))
    return one == other


def _license_key(text: str) -> str:
    return _SPACES_AND_DASHES.sub("", text).upper()


def _license(field: Field, text: str) -> str:
    number = _license_key(text)
    if not _LICENSE.fullmatch(number) or not any(character.isdigit() for character in number):
        raise _wrong(
            field,
            "bad_license",
            "Enter the license number exactly as it's printed on the license.",
        )
    return text


def _integer(field: Field, text: str) -> int:
    digits = re.sub(r"[\s,]", "", text)
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        raise _wrong(field, "not_a_number", "Enter a whole number, such as 12.")
    number = int(digits)
    if not field.low <= number <= field.high:
        message = f"Enter a number from {field.low} to {field.high}."
        raise _wrong(field, "out_of_range", message, low=field.low, high=field.high)
    return number


def _choice(field: Field, text: str, listed: Collection[str]) -> str:
    if text not in listed:
        raise _wrong(field, "unknown_choice", "Choose one from the list.")
    return text


def _county(field: Field, text: str, listed: Collection[str]) -> str:
    name = re.sub(r"\s+county$", "", text, flags=re.IGNORECASE)
    known = {county.casefold(): county for county in listed}
    return known.get(name.casefold()) or _text(field, name)


def _wrong(field: Field, code: str, message: str, **values: object) -> RuleViolation:
    return RuleViolation(code, message, field.name, **values)


_KINDS: Mapping[FieldKind, Callable[[Field, str], str | int]] = {
    FieldKind.TEXT: _text,
    FieldKind.INITIAL: _initial,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.ZIP: _zip,
    FieldKind.LICENSE: _license,
    FieldKind.INTEGER: _integer,
}
