"""The forms of the accounts' pages."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from wtforms import Field, RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from models.domain.identity.grants import Seat
from models.domain.records.email_addresses import LONGEST_EMAIL
from webapp.accounts.labels import seat_key, seat_words, seats
from webapp.core.forms.form import Form
from webapp.core.text.language import LANGUAGES
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.identity.forms import LONGEST_NAME, refuse_no_address

LONGEST_REASON = 500


def seat_choices(some: Iterable[Seat]) -> list[SelectChoice]:
    """Roles to choose from."""
    return [SelectChoice(seat_key(seat), seat_words(seat)) for seat in some]


class ReasonForm(Form):
    """Why an act is done; it stays in the history of the account."""

    reason = TextAreaField(
        _l("Why?"),
        validators=[DataRequired(_l("Enter a reason.")), Length(max=LONGEST_REASON)],
        description=_l("Up to 500 characters. Administrators can read this in the account's history."),
    )


class InviteForm(ReasonForm):
    """A new member of state staff."""

    name = StringField(
        _l("Full name"), validators=[DataRequired(_l("Enter the person's name.")), Length(max=LONGEST_NAME)]
    )
    email = StringField(
        _l("Work email address"),
        validators=[
            DataRequired(_l("Enter the person's work email address.")),
            Length(max=LONGEST_EMAIL),
            refuse_no_address,
        ],
    )
    language = RadioField(
        _l("Language of emails and pages"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        default="en",
    )
    seats = SelectMultipleField(
        _l("Roles"),
        description=_l("An administrator can't have another role."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        choices=lambda: seat_choices(seats()),
    )

    def validate_seats(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose at least one role."))


class SeatForm(ReasonForm):
    """One role, to be given or to be ended."""

    seat = RadioField(_l("Role"), validators=[InputRequired(_l("Choose a role."))], choices=[])
