"""The form of each page of a section, made from the one catalogue of fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from flask_babel import gettext
from wtforms import Field as FormField
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import FormMeta

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.answers import merge_answers, offered_counties, unfit_answers
from models.domain.enrollment.fields import Field, FieldKind, StepName, fields_of
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.values import normalize
from models.queries.core.places import HOME_STATE, places
from models.queries.core.reference import choices, options
from webapp.core.forms.form import Form
from webapp.core.text.language import current_language
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.applicant.answers import shown_phone

INPUT_MODES = {FieldKind.PHONE: "tel", FieldKind.EMAIL: "email", FieldKind.ZIP: "numeric", FieldKind.INTEGER: "numeric"}
INPUT_TYPES = {FieldKind.PHONE: "tel", FieldKind.EMAIL: "email"}
WIDTHS = {FieldKind.INITIAL: "2xs", FieldKind.ZIP: "sm", FieldKind.INTEGER: "xs", FieldKind.PHONE: "md"}
OWN_AUTOCOMPLETE = {
    "legal_name": "organization",
    "phone": "work tel",
    "email": "work email",
    "street": "address-line1",
    "street2": "address-line2",
    "city": "address-level2",
    "state": "address-level1",
    "zip": "postal-code",
    "coordinator_first_name": "given-name",
    "coordinator_last_name": "family-name",
    "coordinator_phone": "work tel",
    "coordinator_email": "work email",
}
"""Only what is asked about the person at the keyboard or the own organization; not about third persons."""


AnyForm = TypeVar("AnyForm", bound="CatalogueForm")


class CatalogueForm(Form):
    """A form of fields of the catalogue; the catalogue's own rules say what is wrong with them."""

    catalogue: tuple[Field, ...] = ()
    section: SectionKind | None = None
    """The section that the fields are answers of; None in a form of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in self.catalogue:
            if asked.kind is FieldKind.CHOICE and asked.choices is not None:
                listed = options(asked.choices, current_language())
                offered = [SelectChoice("", gettext("Choose")), *(SelectChoice(one.code, one.label) for one in listed)]
                cast(SelectField, self[asked.name]).choices = offered

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, field by field."""
        return {asked.name: self[asked.name].data or "" for asked in self.catalogue}

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; whether nothing is."""
        self._offer_counties()
        found = [violation for asked in self.catalogue for violation in _faults(asked, self[asked.name].data)]
        found += self._unfit({violation.field for violation in found})
        for violation in found:
            self.refuse(violation)
        return not self.errors

    def check_given(self) -> dict[str, str]:
        """The answers that are right, missing ones too; beside each other field it says what is wrong."""
        wrong = {asked.name: _faults(asked, self[asked.name].data) for asked in self.catalogue if self[asked.name].data}
        faults = [one for found in wrong.values() for one in found]
        for violation in (*faults, *self._unfit({one.field for one in faults})):
            self.refuse(violation)
        return {name: text for name, text in self.answers.items() if not self[name].errors}

    def _unfit(self, wrong: Collection[str | None]) -> list[RuleViolation]:
        """What does not fit together among the answers that are right by themselves."""
        if self.section is None:
            return []
        right = {asked.name: asked for asked in self.catalogue if self[asked.name].data and asked.name not in wrong}
        values = {name: normalize(asked, self[name].data, choices()) for name, asked in right.items()}
        given = merge_answers({}, values)
        return unfit_answers(self.section, given, choices=choices(), places=places())

    def _offer_counties(self) -> None:
        """Fill in a county that is needed and was not typed from its ZIP code, and ask to look at it."""
        offered = offered_counties(self.answers, places()) if self.section else {}
        for asked in self.catalogue:
            county = offered.get(asked.name)
            if county and asked.required and self.answers.get(_state_beside(asked)) == HOME_STATE:
                self[asked.name].data = county
                message = f"This ZIP code is in {county} County."
                self.refuse(RuleViolation("county_offered", message, asked.name, county=county))

    def fill(self, answers: Mapping[str, str | int]) -> None:
        """Show what is saved."""
        for asked in self.catalogue:
            value = answers.get(asked.name)
            self[asked.name].data = typed(asked, value)


class StepForm(CatalogueForm):
    """A page of a section. `version` is that of the section which the person saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        return self.since_own_act(int(self.version.data or "0"))

    def validate_version(self, field: FormField) -> None:
        text = str(field.data or "")
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            field.data = ""
            raise ValidationError(gettext("The form was not complete. Open the page again."))


@cache
def step_form(section: SectionKind, step: StepName) -> type[StepForm]:
    """The form of a page of a section."""
    return form_of(fields_of(section, step), StepForm, section)


def form_of(fields: tuple[Field, ...], base: type[AnyForm], section: SectionKind | None = None) -> type[AnyForm]:
    """A form class with these fields of the catalogue, and what `base` has besides; `section` if they answer one."""
    members: dict[str, Any] = {field.name: _input(field) for field in fields}
    made = FormMeta(base.__name__, (base,), {"catalogue": fields, "section": section, **members})
    return cast(type[AnyForm], made)


def _state_beside(county: Field) -> str:
    """The name of the state in the same address."""
    return f"{county.name.removesuffix('county')}state"


def typed(field: Field, value: str | int | None) -> str:
    """A saved value as a person would type it."""
    if value is None:
        return ""
    return shown_phone(str(value)) if field.kind is FieldKind.PHONE else str(value)


def _faults(field: Field, text: str | None) -> tuple[RuleViolation, ...]:
    if not text:
        missing = RuleViolation("missing", f"Enter: {field.label}.", field.name, label=field.label)
        return (missing,) if field.required else ()
    try:
        normalize(field, text, choices())
    except RuleViolation as violation:
        return violation.violations
    return ()


def _input(field: Field) -> FormField:
    label, hint = _l(field.label), _l(field.hint) if field.hint else ""
    if field.kind is FieldKind.CHOICE:
        return SelectField(label, description=hint, validate_choice=False, choices=[])
    more = {"type": INPUT_TYPES.get(field.kind, "text")}
    if field.kind is FieldKind.COUNTY:
        more["list"] = "counties"
    return StringField(label, description=hint, render_kw=more)
