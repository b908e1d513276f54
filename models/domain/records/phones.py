"""Phone numbers in their one spelling, E.164: what is kept is what its owner would read back."""

from __future__ import annotations

import re

import phonenumbers

from models.domain.core.violations import RuleViolation

_NORTH_AMERICAN = re.compile(r"[2-9](?!11)[0-9]{2}[2-9](?!11)[0-9]{6}")
_FLOAT = re.compile(r"(\+?[0-9]{10,15})\.0*")
"""A number that went through a spreadsheet: 9195550123.0"""
_LABEL = re.compile(r"^\s*(tel|telephone|phone|ph|cell|mobile|fax|tfno|teléfono|celular|cel)\b[\s.:]*", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?<=[0-9)\s.,;-])(extension|extensión|extn?|anexo|int|x|#|;ext=)[\s.:=]*[0-9]{1,7}\s*$", re.IGNORECASE
)
_MEXICAN_MOBILE = re.compile(r"1([0-9]{10})")
"""Until 2019 a 1 stood before the numbers of mobile phones in Mexico when they were called from abroad."""
_OVERSEAS = re.compile(r"^00(?!0|[2-9][0-9]{2}[2-9][0-9]{6}$)")
"""What most of the world dials where a + stands; two zeros before a number of North America mean neither."""
US, MEXICO = 1, 52


def normalize_phone(typed: str) -> str:
    """The number in E.164; without a country code it is one of North America.

    | typed                                | kept            |
    |--------------------------------------|-----------------|
    | (919) 555-0123, 1-919-555-0123       | +19195550123    |
    | 0919 555 0123, +1 (0)919 555 0123    | +19195550123    |
    | 9195550123.0 (a spreadsheet's)       | +19195550123    |
    | Tel. 919 555 0123                    | +19195550123    |
    | +52 1 55 1234 5678                   | +525512345678   |
    | 011 44 20 7946 0958, 0044 20 …       | +442079460958   |

    Refused: `phone_extension`, and `bad_phone` for everything else that is no single whole number, such as
    letters for digits, two numbers in one field, or a foreign number without + or 00.
    """
    text = _LABEL.sub("", typed.strip(), count=1)
    if whole := _FLOAT.fullmatch(text.strip()):
        text = whole[1]
    if _EXTENSION.search(text):
        raise RuleViolation("phone_extension", "Enter the number without the extension.", "phone")
    if any(one.isalpha() for one in text) or "+" in text.lstrip("( ")[1:]:
        raise _bad_phone()
    return _spelled(_parsed(text))


def _parsed(text: str) -> phonenumbers.PhoneNumber:
    digits = re.sub(r"[^0-9]", "", phonenumbers.normalize_digits_only(text))
    if "+" not in text and "＋" not in text and _OVERSEAS.match(digits):
        text = f"+{digits[2:]}"
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException as refused:
        raise _bad_phone() from refused
    if number.extension:
        raise RuleViolation("phone_extension", "Enter the number without the extension.", "phone")
    return number


def _spelled(number: phonenumbers.PhoneNumber) -> str:
    national = str(number.national_number)
    if number.country_code == US:
        # Zeros before it are the trunk prefix of other countries: no number of North America begins with one.
        if not _NORTH_AMERICAN.fullmatch(national) or (number.number_of_leading_zeros or 0) > 1:
            raise _bad_phone()
        return f"+{US}{national}"
    if number.country_code == MEXICO and (mobile := _MEXICAN_MOBILE.fullmatch(national)):
        number = phonenumbers.PhoneNumber(country_code=MEXICO, national_number=int(mobile[1]))
    if not phonenumbers.is_valid_number(number):
        raise _bad_phone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _bad_phone() -> RuleViolation:
    return RuleViolation("bad_phone", "Enter a phone number like 919 555 0123.", "phone")
