"""Addresses in the United States: their fields, and how state, county and ZIP code fit together."""

from __future__ import annotations

from models.domain.core.violations import RuleViolation
from models.domain.core.wording import N_
from models.domain.records.fields import Field, FieldKind
from models.domain.records.sections import Rule
from models.domain.records.values import Answers, Choices

STATES, COUNTIES = "states", "counties"
"""The lists of reference data that an address is chosen from."""
HOME_STATE = "NC"
_NC_ZIPS = ("27", "28")
"""Every ZIP code of North Carolina begins with one of these (270 to 289)."""

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
    """The rule for the address whose fields begin with `prefix`: in North Carolina, county and ZIP code are its own."""

    def rule(answers: Answers, choices: Choices) -> list[RuleViolation]:
        state, county, code = (answers.get(f"{prefix}{name}") for name in ("state", "county", "zip"))
        if state != HOME_STATE:
            return []
        found = []
        if county is not None and county not in choices[COUNTIES]:
            message = "Enter one of the counties of North Carolina."
            found.append(RuleViolation("county_not_in_state", message, f"{prefix}county"))
        if code is not None and not str(code).startswith(_NC_ZIPS):
            message = "This ZIP code is not in North Carolina."
            found.append(RuleViolation("zip_not_in_state", message, f"{prefix}zip"))
        return found

    return rule
