"""Addresses in the United States: their fields, and how state, county and ZIP code fit together."""

from __future__ import annotations

from collections.abc import Mapping

from models.domain.core.violations import RuleViolation
from models.domain.core.wording import N_
from models.domain.records.fields import Field, FieldKind
from models.domain.records.places import county_of, fits_state
from models.domain.records.sections import Rule
from models.domain.records.values import Answers, Choices

STATES, COUNTIES = "states", "counties"
"""The lists of reference data that an address is chosen from."""
HOME_STATE = "NC"

ADDRESS: tuple[Field, ...] = (
    Field("street", FieldKind.TEXT, N_("Street address"), max_length=120),
    Field("street2", FieldKind.TEXT, N_("Street address, line 2"), max_length=120, required=False),
    Field("city", FieldKind.TEXT, N_("City"), max_length=80),
    Field("county", FieldKind.COUNTY, N_("County"), max_length=60, choices=COUNTIES),
    Field("state", FieldKind.CHOICE, N_("State"), choices=STATES),
    Field("zip", FieldKind.ZIP, N_("ZIP code"), hint=N_("5 or 9 digits"), max_length=20),
)
AUTOCOMPLETE = {
    "street": "address-line1",
    "street2": "address-line2",
    "city": "address-level2",
    "state": "address-level1",
    "zip": "postal-code",
}
"""What a browser may fill in where the address is that of the person at the keyboard, or of the own organization."""


def address_fits(prefix: str = "") -> Rule:
    """The rule for the address whose fields begin with `prefix`: its ZIP code is one of its state, and in North
    Carolina its county one of the 100."""

    def rule(answers: Answers, choices: Choices) -> list[RuleViolation]:
        state, county, code = (answers.get(f"{prefix}{name}") for name in ("state", "county", "zip"))
        if state is None:
            return []
        found = []
        if state == HOME_STATE and county is not None and county not in choices[COUNTIES]:
            message = "Enter a county in North Carolina, such as Wake."
            found.append(RuleViolation("county_not_in_state", message, f"{prefix}county"))
        if code is not None and not fits_state(str(code), str(state)):
            message = "This ZIP code isn't in the state you chose. Correct the ZIP code or the state."
            found.append(RuleViolation("zip_not_in_state", message, f"{prefix}zip"))
        return found

    return rule


def offered_county(field: Field, answers: Mapping[str, object]) -> str | None:
    """What the ZIP code of an address offers for its county, where one is needed and none was given."""
    if field.kind is not FieldKind.COUNTY or not field.required or answers.get(field.name):
        return None
    prefix = field.name.removesuffix("county")
    if answers.get(f"{prefix}state") != HOME_STATE:
        return None
    return county_of(str(answers.get(f"{prefix}zip") or ""), HOME_STATE)
