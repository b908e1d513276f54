"""The forms of accounts: signing in, passwords, codes, the account itself."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from wtforms import Field, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import UUID, DataRequired, InputRequired, Length

from models.domain.core.violations import RuleViolation
from models.domain.identity.passwords import MAXIMUM_CHARACTERS, too_long_to_hash
from models.domain.records.email_addresses import LONGEST_EMAIL, normalize_email
from webapp.core.forms.form import Form
from webapp.core.text.language import LANGUAGES
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.core.text.refusals import say

LONGEST_NAME = 200


def refuse_too_many_bytes(form: Form, field: Field) -> None:
    """Nothing above 1,024 bytes is ever hashed."""
    if too_long_to_hash(field.data or ""):
        raise ValidationError(_("This password is too long."))


def refuse_no_address(form: Form, field: Field) -> None:
    """An email address in the only spelling that we send mail to."""
    try:
        normalize_email(field.data or "")
    except RuleViolation as violation:
        raise ValidationError(say(violation)) from None


def password_field(label: str) -> PasswordField:
    """A password that is checked against a stored one."""
    return PasswordField(label, validators=[InputRequired(_l("Enter your password.")), refuse_too_many_bytes])


class SignInForm(Form):
    """Who signs in."""

    email = StringField(_l("Email address"), validators=[DataRequired(_l("Enter your email address."))])
    password = password_field(_l("Password"))
    next = HiddenField(default=lambda: request.args.get("next", ""))


class ForgotPasswordForm(Form):
    """Whose password is to be reset."""

    email = StringField(
        _l("Email address"),
        validators=[
            DataRequired(_l("Enter your email address.")),
            Length(max=LONGEST_EMAIL),
            refuse_no_address,
        ],
    )


class NewPasswordForm(Form):
    """A new password, for whoever holds a link; paste and password managers work."""

    password = PasswordField(_l("New password"), validators=[InputRequired(_l("Choose a password."))])

    def validate_password(self, field: Field) -> None:
        if too_long_to_hash(field.data or ""):
            raise ValidationError(_("Use %(limit)s characters or fewer.", limit=MAXIMUM_CHARACTERS))


class ChangePasswordForm(NewPasswordForm):
    """A new password, for whoever knows the old one."""

    current_password = password_field(_l("Your current password"))


class ConfirmPasswordForm(Form):
    """The password again, before something that protects the account is changed."""

    current_password = password_field(_l("Your password"))


class StepUpForm(ConfirmPasswordForm):
    """The password again, and where to go on."""

    next = HiddenField(default=lambda: request.args.get("next", ""))


class CodeForm(Form):
    """A one-time code."""

    keeps_typed = False

    code = StringField(
        _l("6-digit code"),
        validators=[
            DataRequired(_l("Enter the code from your app.")),
            Length(max=20),
        ],
    )
    next = HiddenField(default=lambda: request.args.get("next", ""))


class RecoveryCodeForm(CodeForm):
    """A recovery code in place of a one-time code."""

    code = StringField(
        _l("Recovery code"),
        validators=[
            DataRequired(_l("Enter one of your recovery codes.")),
            Length(max=40),
        ],
    )


class AccountForm(Form):
    """Name and language of an account."""

    name = StringField(
        _l("Your name"),
        validators=[
            DataRequired(_l("Enter your name.")),
            Length(max=LONGEST_NAME),
        ],
    )
    language = SelectField(
        _l("Language of pages and messages"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )


class PasskeyForm(Form):
    """What the person calls a new passkey; the browser's answer comes beside it, so a script sends the form."""

    keeps_typed = False
    name = StringField(_l("Name of the passkey"), validators=[DataRequired(_l("Give it a name.")), Length(max=80)])


class EndPasskeyForm(Form):
    """Which of the own passkeys is to be removed."""

    passkey = HiddenField(validators=[UUID()])


class EndSessionForm(Form):
    """Which of the own sessions is to end."""

    session = HiddenField(validators=[Length(max=100)])
