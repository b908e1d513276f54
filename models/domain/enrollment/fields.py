"""The one catalogue of the enrollment's fields: forms, checks, the signed text and return notes come from it.

Fields follow the CDC provider agreement of 2020 (domain facts, section 4; certainty C but for the provider types, A).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from models.domain.core.violations import RuleViolation
from models.domain.core.wording import N_
from models.domain.enrollment.lifecycle import SectionKind, SignerRole
from models.domain.records.addresses import ADDRESS, AUTOCOMPLETE, COUNTIES, STATES, address_fits
from models.domain.records.fields import Field, FieldKind
from models.domain.records.sections import Section, Step, section, under
from models.domain.records.values import Answers, Choices

MAX_LOCATIONS = 500
MAX_VIALS = 100_000
"""More 10-dose vials than any one site can hold: a mistyped number, not a capacity (proposal)."""


class ChoiceSet(StrEnum):
    """Where the values of a choice come from."""

    STATES = STATES
    COUNTIES = COUNTIES
    PROVIDER_TYPES = "provider_types"
    LANGUAGES = "languages"


class StepName(StrEnum):
    """The pages of the two sections, in their order."""

    ORGANIZATION = "organization"
    ADDRESS = "address"
    CMO = "cmo"
    CEO = "ceo"
    LOCATION = "location"
    COORDINATOR = "coordinator"
    BACKUP = "backup"
    CAPACITY = "capacity"


CAPACITY_FIELDS = ("refrigerated_vials", "frozen_vials", "ultra_frozen_vials")
LANGUAGES = ("en", "es")
_NAMES = frozenset({"first_name", "middle_initial", "last_name", "title", "language"})

_FIRST_NAME = Field(
    "first_name",
    FieldKind.TEXT,
    N_("First name"),
    hint=N_("One name only? Leave this empty, and enter it as the last name."),
    required=False,
    max_length=60,
)
_MIDDLE_INITIAL = Field("middle_initial", FieldKind.INITIAL, N_("Middle initial"), required=False, max_length=2)
_LAST_NAME = Field("last_name", FieldKind.TEXT, N_("Last name"), max_length=80)
_CONTACT = (
    Field("phone", FieldKind.PHONE, N_("Phone"), max_length=40, personal=True),
    Field("email", FieldKind.EMAIL, N_("Email"), max_length=254, personal=True),
)
_LANGUAGE = Field(
    "language",
    FieldKind.CHOICE,
    N_("Language of our emails to this person"),
    hint=N_("If you leave this blank, we'll write in your language."),
    required=False,
    choices=ChoiceSet.LANGUAGES,
)
_LICENSE = (
    Field("title", FieldKind.TEXT, N_("Title"), hint=N_("For example, MD")),
    Field("license_state", FieldKind.CHOICE, N_("State of the license"), choices=ChoiceSet.STATES),
    Field("license_number", FieldKind.LICENSE, N_("License number"), max_length=40),
)
_PERSON = (_FIRST_NAME, _LAST_NAME, *_CONTACT)
_OFFICER = (_FIRST_NAME, _MIDDLE_INITIAL, _LAST_NAME, *_CONTACT, _LANGUAGE)


def _signer(role: SignerRole, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The own fields of a signer: what is not a name is personal, and no county is insisted on."""
    own = (
        replace(one, personal=one.personal or one.name not in _NAMES, required=one.required and one.name != "county")
        for one in fields
    )
    return under(role.value, tuple(own), owner=role)


def _filled_in(fields: tuple[Field, ...], known: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields with what a browser may fill in."""
    return tuple(replace(one, autocomplete=known.get(one.name, one.autocomplete)) for one in fields)


def _vials(name: str, label: str) -> Field:
    return Field(name, FieldKind.INTEGER, label, hint=N_("10-dose vials"), max_length=12, high=MAX_VIALS)


def _some_capacity(answers: Answers, _choices: Choices) -> list[RuleViolation]:
    given = [answers[name] for name in CAPACITY_FIELDS if name in answers]
    if len(given) < len(CAPACITY_FIELDS) or any(given):
        return []
    message = "At least one of the three must be more than 0. A location must be able to store vaccine."
    return [RuleViolation("no_capacity", message, CAPACITY_FIELDS[0])]


SECTION_A = section(
    SectionKind.A,
    Step(
        StepName.ORGANIZATION,
        N_("Your organization"),
        (
            Field(
                "legal_name",
                FieldKind.TEXT,
                N_("Organization's legal name"),
                max_length=200,
                autocomplete="organization",
            ),
            Field(
                "location_count",
                FieldKind.INTEGER,
                N_("How many locations does this agreement cover?"),
                hint=N_("The number must match the locations you add."),
                max_length=12,
                low=1,
                high=MAX_LOCATIONS,
            ),
            Field("phone", FieldKind.PHONE, N_("Organization's phone"), max_length=40, autocomplete="work tel"),
            Field(
                "email",
                FieldKind.EMAIL,
                N_("Organization's email"),
                hint=N_("Someone must check this mailbox every day."),
                max_length=254,
                autocomplete="work email",
            ),
        ),
        N_("Tell us who's applying."),
    ),
    Step(StepName.ADDRESS, N_("Address of the organization"), _filled_in(ADDRESS, AUTOCOMPLETE)),
    Step(
        StepName.CMO,
        N_("Chief medical officer"),
        _signer(SignerRole.CMO, (*_OFFICER, *_LICENSE, *ADDRESS)),
        N_("The chief medical officer, or the person who does that job. We'll ask this person to sign by email."),
    ),
    Step(
        StepName.CEO,
        N_("Chief executive officer"),
        _signer(SignerRole.CEO, (*_OFFICER, *ADDRESS)),
        N_(
            "The chief executive officer, or the person in charge of "
            "finances. If one person has both jobs, name that person here too."
        ),
    ),
    rules=(address_fits(), address_fits("cmo_"), address_fits("ceo_")),
)
SECTION_B = section(
    SectionKind.B,
    Step(
        StepName.LOCATION,
        N_("This location"),
        (
            Field("location_name", FieldKind.TEXT, N_("Name of the location"), max_length=200),
            Field(
                "provider_type",
                FieldKind.CHOICE,
                N_("What kind of provider is this?"),
                choices=ChoiceSet.PROVIDER_TYPES,
            ),
        ),
        N_("Tell us about the place that will give vaccine."),
    ),
    Step(
        StepName.COORDINATOR,
        N_("Vaccine coordinator"),
        _filled_in(
            under("coordinator", _PERSON),
            {
                "coordinator_first_name": "given-name",
                "coordinator_last_name": "family-name",
                "coordinator_phone": "work tel",
                "coordinator_email": "work email",
            },
        ),
        N_("The person in charge of the vaccine here, who signs this section."),
    ),
    Step(
        StepName.BACKUP,
        N_("Backup coordinator"),
        under("backup", _PERSON),
        N_("The person who takes over when the vaccine coordinator is away."),
    ),
    Step(
        StepName.CAPACITY,
        N_("Storage capacity"),
        (
            _vials("refrigerated_vials", N_("Refrigerated, 2 to 8 °C (36 to 46 °F)")),
            _vials("frozen_vials", N_("Frozen, -25 to -15 °C (-13 to 5 °F)")),
            _vials("ultra_frozen_vials", N_("Ultra-frozen, -80 to -60 °C (-112 to -76 °F)")),
        ),
        N_("How many 10-dose vials can you store at one time? Enter 0 where you have no capacity."),
    ),
    rules=(_some_capacity,),
)
SECTIONS: Mapping[SectionKind, Section] = {SectionKind.A: SECTION_A, SectionKind.B: SECTION_B}
STEPS: tuple[Step, ...] = (*SECTION_A.steps, *SECTION_B.steps)
FIELDS: tuple[Field, ...] = (*SECTION_A.fields, *SECTION_B.fields)

START_FIELDS: tuple[Field, ...] = (
    Field("organization_name", FieldKind.TEXT, N_("Organization"), max_length=200),
    Field("name", FieldKind.TEXT, N_("Your name"), max_length=120),
    Field("email", FieldKind.EMAIL, N_("Your email"), max_length=254),
)
"""What an organization gives to begin; no answers of a section."""

LOCATION_FIELDS: tuple[Field, ...] = (
    Field("name", FieldKind.TEXT, N_("Name of the location"), max_length=200),
    Field("coordinator_name", FieldKind.TEXT, N_("Name of the vaccine coordinator"), max_length=120),
    Field("coordinator_email", FieldKind.EMAIL, N_("Vaccine coordinator's email"), max_length=254),
)
"""What the administrator gives for each location; no answers of a section."""


def steps_of(kind: SectionKind) -> tuple[Step, ...]:
    """The pages of a section, in their order."""
    return SECTIONS[kind].steps


def fields_of(kind: SectionKind, step: StrEnum | None = None) -> tuple[Field, ...]:
    """The fields of a section, or of one of its pages, in their order."""
    return tuple(one for one in SECTIONS[kind].fields if step in (None, one.step))


def find_field(kind: SectionKind, name: str) -> Field | None:
    """The field of that name; None where the section has none."""
    return SECTIONS[kind].field(name)


def own_fields(signer: SignerRole) -> tuple[Field, ...]:
    """The fields that belong to one signer of section A."""
    return tuple(one for one in FIELDS if one.owner == signer)
