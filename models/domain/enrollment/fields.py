"""The one catalogue of the enrollment's fields: forms, checks, the signed text and return notes come from it.

Fields follow the CDC provider agreement of 2020 (domain facts, section 4; certainty C but for the provider types, A).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from models.domain.core.wording import N_
from models.domain.enrollment.lifecycle import SectionKind, SignerRole

MAX_LOCATIONS = 500
MAX_VIALS = 100_000
"""More 10-dose vials than any one site can hold: a mistyped number, not a capacity (proposal)."""


class FieldKind(StrEnum):
    """How a value is written and checked."""

    TEXT = "text"
    INITIAL = "initial"
    EMAIL = "email"
    PHONE = "phone"
    ZIP = "zip"
    LICENSE = "license"
    INTEGER = "integer"
    COUNTY = "county"
    CHOICE = "choice"


class ChoiceSet(StrEnum):
    """Where the values of a choice come from."""

    STATES = "states"
    COUNTIES = "counties"
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


@dataclass(frozen=True, slots=True)
class Step:
    """A page of a section; `lead` says in a sentence what it is for."""

    name: StepName
    section: SectionKind
    title: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `max_length` counts characters; `low` and `high` bound an integer.

    `signer` is set where the field belongs to one signer, so that the other's text does not hold it.
    `personal` fields are hidden from those who may see an enrollment only in part.
    """

    name: str
    section: SectionKind
    step: StepName
    kind: FieldKind
    label: str
    hint: str = ""
    required: bool = True
    max_length: int = 100
    low: int = 0
    high: int = 0
    choices: ChoiceSet | None = None
    signer: SignerRole | None = None
    personal: bool = False


STEPS: tuple[Step, ...] = (
    Step(
        StepName.ORGANIZATION,
        SectionKind.A,
        N_("Your organization"),
        N_("Tell us who is applying."),
    ),
    Step(StepName.ADDRESS, SectionKind.A, N_("Address of the organization")),
    Step(
        StepName.CMO,
        SectionKind.A,
        N_("Chief medical officer"),
        N_("The chief medical officer, or the person who has that job. We ask this person to sign by e-mail."),
    ),
    Step(
        StepName.CEO,
        SectionKind.A,
        N_("Chief executive officer"),
        N_(
            "The chief executive officer, or the person in charge of the money. "
            "If one person holds both jobs, name that person here too. He or she then signs twice."
        ),
    ),
    Step(
        StepName.LOCATION,
        SectionKind.B,
        N_("This location"),
        N_("Tell us about the place that will give vaccine."),
    ),
    Step(
        StepName.COORDINATOR,
        SectionKind.B,
        N_("Vaccine coordinator"),
        N_("The person who looks after the vaccine here and signs this section."),
    ),
    Step(
        StepName.BACKUP,
        SectionKind.B,
        N_("Back-up coordinator"),
        N_("The person who takes over when the vaccine coordinator is away."),
    ),
    Step(
        StepName.CAPACITY,
        SectionKind.B,
        N_("Storage capacity"),
        N_("How many vials of 10 doses can you store at one time? Enter 0 where you have no capacity."),
    ),
)


def _field(step: StepName, name: str, kind: FieldKind, label: str, **rest: object) -> Field:
    section = next(page.section for page in STEPS if page.name is step)
    return replace(Field(name, section, step, kind, label), **rest)  # type: ignore[arg-type]


def _address(step: StepName) -> tuple[Field, ...]:
    return (
        _field(step, "street", FieldKind.TEXT, N_("Street address"), max_length=120),
        _field(
            step,
            "street2",
            FieldKind.TEXT,
            N_("Street address, line 2"),
            max_length=120,
            required=False,
        ),
        _field(step, "city", FieldKind.TEXT, N_("City"), max_length=80),
        _field(
            step,
            "county",
            FieldKind.COUNTY,
            N_("County"),
            max_length=60,
            choices=ChoiceSet.COUNTIES,
        ),
        _field(step, "state", FieldKind.CHOICE, N_("State"), choices=ChoiceSet.STATES),
        _field(
            step,
            "zip",
            FieldKind.ZIP,
            N_("ZIP code"),
            hint=N_("5 or 9 digits"),
            max_length=20,
        ),
    )


def _person(step: StepName, *, initial: bool = False) -> tuple[Field, ...]:
    middle = _field(
        step,
        "middle_initial",
        FieldKind.INITIAL,
        N_("Middle initial"),
        required=False,
        max_length=2,
    )
    return (
        _field(
            step,
            "first_name",
            FieldKind.TEXT,
            N_("First name"),
            hint=N_("One name only? Leave this empty, and enter it as the last name."),
            required=False,
            max_length=60,
        ),
        *((middle,) if initial else ()),
        _field(step, "last_name", FieldKind.TEXT, N_("Last name"), max_length=80),
        _field(step, "phone", FieldKind.PHONE, N_("Phone"), max_length=40, personal=True),
        _field(step, "email", FieldKind.EMAIL, N_("E-mail"), max_length=254, personal=True),
    )


def _named(prefix: str, fields: tuple[Field, ...], signer: SignerRole | None = None) -> tuple[Field, ...]:
    """Fields under a prefix; with a signer they are that person's own, and what is not a name is personal."""
    own = signer is not None
    return tuple(
        replace(
            field,
            name=f"{prefix}_{field.name}",
            signer=signer,
            personal=field.personal or (own and field.name not in NAMES),
            required=field.required and not (own and field.name == "county"),
        )
        for field in fields
    )


NAMES = frozenset({"first_name", "middle_initial", "last_name", "title", "language"})

_LICENSE = (
    _field(StepName.CMO, "title", FieldKind.TEXT, N_("Title"), hint=N_("For example, MD")),
    _field(
        StepName.CMO,
        "license_state",
        FieldKind.CHOICE,
        N_("State of the license"),
        choices=ChoiceSet.STATES,
    ),
    _field(
        StepName.CMO,
        "license_number",
        FieldKind.LICENSE,
        N_("License number"),
        max_length=40,
    ),
)


def _language(step: StepName) -> Field:
    hint = N_("If you leave it empty, we write in your own language.")
    label = N_("Language of our mails to this person")
    return _field(step, "language", FieldKind.CHOICE, label, hint=hint, required=False, choices=ChoiceSet.LANGUAGES)


_CMO = (*_person(StepName.CMO, initial=True), _language(StepName.CMO), *_LICENSE, *_address(StepName.CMO))
_CEO = (*_person(StepName.CEO, initial=True), _language(StepName.CEO), *_address(StepName.CEO))


def _vials(name: str, label: str) -> Field:
    return _field(
        StepName.CAPACITY,
        name,
        FieldKind.INTEGER,
        label,
        hint=N_("Vials of 10 doses"),
        max_length=12,
        high=MAX_VIALS,
    )


FIELDS: tuple[Field, ...] = (
    _field(
        StepName.ORGANIZATION,
        "legal_name",
        FieldKind.TEXT,
        N_("Legal name of the organization"),
        max_length=200,
    ),
    _field(
        StepName.ORGANIZATION,
        "location_count",
        FieldKind.INTEGER,
        N_("How many locations does this agreement cover?"),
        hint=N_("The number must match the locations that you list."),
        max_length=12,
        low=1,
        high=MAX_LOCATIONS,
    ),
    _field(
        StepName.ORGANIZATION,
        "phone",
        FieldKind.PHONE,
        N_("Phone of the organization"),
        max_length=40,
    ),
    _field(
        StepName.ORGANIZATION,
        "email",
        FieldKind.EMAIL,
        N_("E-mail of the organization"),
        hint=N_("Somebody must read this mailbox every day."),
        max_length=254,
    ),
    *_address(StepName.ADDRESS),
    *_named("cmo", _CMO, SignerRole.CMO),
    *_named("ceo", _CEO, SignerRole.CEO),
    _field(
        StepName.LOCATION,
        "location_name",
        FieldKind.TEXT,
        N_("Name of the location"),
        max_length=200,
    ),
    _field(
        StepName.LOCATION,
        "provider_type",
        FieldKind.CHOICE,
        N_("What kind of provider is this?"),
        choices=ChoiceSet.PROVIDER_TYPES,
    ),
    *_named("coordinator", _person(StepName.COORDINATOR)),
    *_named("backup", _person(StepName.BACKUP)),
    _vials("refrigerated_vials", N_("Refrigerated, 2 to 8 °C (36 to 46 °F)")),
    _vials("frozen_vials", N_("Frozen, -25 to -15 °C (-13 to 5 °F)")),
    _vials("ultra_frozen_vials", N_("Ultra-frozen, -80 to -60 °C (-112 to -76 °F)")),
)

START_FIELDS: tuple[Field, ...] = (
    Field(
        "organization_name", SectionKind.A, StepName.ORGANIZATION, FieldKind.TEXT, N_("Organization"), max_length=200
    ),
    Field("name", SectionKind.A, StepName.ORGANIZATION, FieldKind.TEXT, N_("Your name"), max_length=120),
    Field("email", SectionKind.A, StepName.ORGANIZATION, FieldKind.EMAIL, N_("Your e-mail"), max_length=254),
)
"""What an organization gives to begin; no answers of a section."""

LOCATION_FIELDS: tuple[Field, ...] = (
    Field("name", SectionKind.B, StepName.LOCATION, FieldKind.TEXT, N_("Name of the location"), max_length=200),
    Field(
        "coordinator_name",
        SectionKind.B,
        StepName.COORDINATOR,
        FieldKind.TEXT,
        N_("Name of the vaccine coordinator"),
        max_length=120,
    ),
    Field(
        "coordinator_email",
        SectionKind.B,
        StepName.COORDINATOR,
        FieldKind.EMAIL,
        N_("E-mail of the vaccine coordinator"),
        max_length=254,
    ),
)
"""What the administrator gives for each location; no answers of a section."""

LANGUAGES = ("en", "es")

CAPACITY_FIELDS = ("refrigerated_vials", "frozen_vials", "ultra_frozen_vials")

_BY_NAME = {(field.section, field.name): field for field in FIELDS}


def steps_of(section: SectionKind) -> tuple[Step, ...]:
    """The pages of a section, in their order."""
    return tuple(step for step in STEPS if step.section is section)


def fields_of(section: SectionKind, step: StepName | None = None) -> tuple[Field, ...]:
    """The fields of a section, or of one of its pages, in their order."""
    return tuple(field for field in FIELDS if field.section is section and step in (None, field.step))


def find_field(section: SectionKind, name: str) -> Field | None:
    """The field of that name; None where the section has none."""
    return _BY_NAME.get((section, name))


def own_fields(signer: SignerRole) -> tuple[Field, ...]:
    """The fields that belong to one signer of section A."""
    return tuple(field for field in FIELDS if field.signer is signer)
