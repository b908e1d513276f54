"""Forms made from the fields of a record; the fields' own rules say what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from flask_babel import gettext
from wtforms import Field as FormField
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import FormMeta

from models.domain.core.violations import RuleViolation
from models.domain.records.addresses import offered_county
from models.domain.records.answers import check_field, merge_answers, unfit_answers
from models.domain.records.fields import Field, FieldKind
from models.domain.records.sections import Rule, Step
from models.domain.records.values import normalize
from models.queries.records.choices import choices, options
from webapp.core.forms.form import Form
from webapp.core.text.language import current_language
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.records.values import typed

INPUT_MODES = {FieldKind.PHONE: "tel", FieldKind.EMAIL: "email", FieldKind.ZIP: "numeric", FieldKind.INTEGER: "numeric"}
INPUT_TYPES = {FieldKind.PHONE: "tel", FieldKind.EMAIL: "email"}
WIDTHS = {FieldKind.INITIAL: "2xs", FieldKind.ZIP: "sm", FieldKind.INTEGER: "xs", FieldKind.PHONE: "md"}

AnyForm = TypeVar("AnyForm", bound="RecordForm")


class RecordForm(Form):
    """A form of fields of a record. `asked` are those fields."""

    asked: tuple[Field, ...] = ()
    rules: tuple[Rule, ...] = ()
    """What must fit together, where the fields are a page of a section."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.asked:
            if field.kind is FieldKind.CHOICE and field.choices is not None:
                listed = options(field.choices, current_language())
                offered = [SelectChoice("", gettext("Choose")), *(SelectChoice(one.code, one.label) for one in listed)]
                cast(SelectField, self[field.name]).choices = offered

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, field by field."""
        return {field.name: self[field.name].data or "" for field in self.asked}

    @property
    def counties(self) -> tuple[str, ...]:
        """What fields for a county offer while somebody types."""
        lists = {field.choices for field in self.asked if field.kind is FieldKind.COUNTY and field.choices}
        return tuple(one.label for name in sorted(lists) for one in options(name, current_language()))

    def check(self) -> bool:
        """Say beside each field what is missing or wrong; whether nothing is."""
        self._offer_counties()
        found = [wrong for field in self.asked for wrong in check_field(field, self[field.name].data, choices())]
        for violation in (*found, *self._unfit(found)):
            self.refuse(violation)
        return not self.errors

    def check_given(self) -> dict[str, str]:
        """The answers that are right, missing ones too; beside each other field it says what is wrong."""
        given = [field for field in self.asked if self[field.name].data]
        found = [wrong for field in given for wrong in check_field(field, self[field.name].data, choices())]
        for violation in (*found, *self._unfit(found)):
            self.refuse(violation)
        return {name: text for name, text in self.answers.items() if not self[name].errors}

    def _unfit(self, found: Sequence[RuleViolation]) -> list[RuleViolation]:
        """What does not fit together among the answers that are right by themselves."""
        wrong = {violation.field for violation in found}
        right = [field for field in self.asked if self[field.name].data and field.name not in wrong]
        values = {field.name: normalize(field, self[field.name].data, choices()) for field in right}
        return unfit_answers(self.rules, merge_answers({}, values), choices())

    def _offer_counties(self) -> None:
        """Fill in a county that is needed and was not typed from its ZIP code, and ask to look at it."""
        for field in self.asked:
            county = offered_county(field, self.answers)
            if county is not None:
                self[field.name].data = county
                message = f"This ZIP code is in {county} County."
                self.refuse(RuleViolation("county_offered", message, field.name, county=county))

    def fill(self, answers: Mapping[str, str | int]) -> None:
        """Show what is saved."""
        for field in self.asked:
            self[field.name].data = typed(field, answers.get(field.name))

    def drawing(self, field: Field) -> dict[str, Any]:
        """How the input of a field is drawn."""
        return {
            "width": WIDTHS.get(field.kind),
            "inputmode": INPUT_MODES.get(field.kind),
            "autocomplete": field.autocomplete,
            "optional": not field.required,
        }


class StepForm(RecordForm):
    """A page of a section. `version` is that of the section which the person saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        return self.since_own_act(int(self.version.data or "0"))

    def validate_version(self, field: FormField) -> None:
        if not is_version(field.data):
            field.data = ""
            raise ValidationError(gettext("The form wasn't complete. Open the page again."))


def is_version(sent: object) -> bool:
    """Whether a hidden field holds a number that a version can be."""
    text = str(sent or "")
    return text.isascii() and text.isdigit() and len(text) < 10


@cache
def step_form(step: Step, rules: tuple[Rule, ...] = ()) -> type[StepForm]:
    """The form of a page of a section, with the section's rules."""
    return form_of(step.fields, StepForm, rules)


def form_of(fields: tuple[Field, ...], base: type[AnyForm], rules: tuple[Rule, ...] = ()) -> type[AnyForm]:
    """A form class with these fields of a record, and what `base` has besides; `rules` are those of its section."""
    members: dict[str, Any] = {field.name: _input(field) for field in fields}
    made = FormMeta(base.__name__, (base,), {"asked": fields, "rules": rules, **members})
    return cast(type[AnyForm], made)


def _input(field: Field) -> FormField:
    label, hint = _l(field.label), _l(field.hint) if field.hint else ""
    if field.kind is FieldKind.CHOICE:
        return SelectField(label, description=hint, validate_choice=False, choices=[])
    more = {"type": INPUT_TYPES.get(field.kind, "text")}
    if field.kind is FieldKind.COUNTY:
        more["list"] = "counties"
    return StringField(label, description=hint, render_kw=more)
