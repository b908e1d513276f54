"""The other forms of an enrollment: beginning, locations, signing, sending, withdrawing."""

from __future__ import annotations

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms import Field as FormField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from models.domain.core.reasons import MAX_REASON
from models.domain.enrollment.fields import LOCATION_FIELDS, SECTION_A, START_FIELDS, own_fields
from models.domain.enrollment.lifecycle import SignerRole
from webapp.core.forms.form import Form
from webapp.core.text.language import LANGUAGES, current_language
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.identity.forms import NewPasswordForm
from webapp.records.forms import RecordForm, form_of

BeginForm: type[RecordForm] = form_of(START_FIELDS, RecordForm)


class SeparateForm(Form):
    """One press; and where the organization may have applied already, that it is another one."""

    separate = BooleanField(_l("This is a different organization. Start a separate application."))


class NewOrganizationForm(NewPasswordForm, SeparateForm):
    """The same with the password of a new account."""


class LocationBase(RecordForm):
    """What the administrator gives for a location, besides its fields."""

    language = RadioField(
        _l("Language of the coordinator"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default=current_language,
        description=_l("We'll write to the coordinator in this language."),
    )


LocationForm: type[LocationBase] = form_of(LOCATION_FIELDS, LocationBase)


class SignForm(Form):
    """The name typed in place of a signature, bound to the text that was shown."""

    text_hash = HiddenField()
    typed_name = StringField(_l("Your full name"))
    confirmed = BooleanField(_l("I've read the text above, and I sign it."))

    def validate_confirmed(self, field: FormField) -> None:
        if not field.data:
            raise ValidationError(gettext("Check the box to sign."))

    def validate_typed_name(self, field: FormField) -> None:
        if not field.data:
            raise ValidationError(gettext("Type your name to sign."))


class SubmitForm(Form):
    """The declaration."""

    declared = BooleanField(_l("I confirm that I may submit this application for the organization."))

    def validate_declared(self, field: FormField) -> None:
        if not field.data:
            raise ValidationError(gettext("Check the box to submit the application."))


class WithdrawForm(Form):
    """Why an enrollment is withdrawn, and that it is meant."""

    reason = TextAreaField(
        _l("Why are you withdrawing?"),
        validators=[InputRequired(), Length(max=MAX_REASON)],
        description=_l("Up to 2,000 characters. The reviewers can read this."),
    )
    confirmed = BooleanField(_l("Yes, withdraw this organization's application."))

    def validate_confirmed(self, field: FormField) -> None:
        if not field.data:
            raise ValidationError(gettext("Check the box to withdraw."))


def signer_form(role: SignerRole) -> type[RecordForm]:
    """The fields that belong to one signer, for naming another."""
    return form_of(own_fields(role), RecordForm, SECTION_A.rules)
