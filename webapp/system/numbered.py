"""The look-up of a message by the number that its reader sees at the end of it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from wtforms import StringField

from models.domain.core.identifiers import message_number
from models.queries.operations.numbered_messages import NumberedMessage, numbered_messages
from webapp.core.forms.form import Form
from webapp.core.text.dates import moment
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.core.text.mail_names import mail_name
from webapp.core.text.message_states import state_tag, state_tone
from webapp.extensions import db


class NumberForm(Form):
    """A question, not an act: it is asked by GET and needs no token."""

    class Meta(Form.Meta):
        csrf = False

    number = StringField(_l("Message number"), description=_l("It stands at the end of the email, such as 4F7K-2Q."))


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """One message in words: what it is about, facts, how it stands, and what its reader saw."""

    title: str
    facts: list[str]
    status: str
    tone: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """The form and what it found; `found` is None while nothing was asked."""

    form: NumberForm
    found: list[FoundMessage] | None


def look_up() -> Lookup:
    """The message whose number the address of this page asks for."""
    typed = request.args.get("number", "")
    form = NumberForm(formdata=None, number=typed)
    if not typed.strip():
        return Lookup(form, None)
    found = numbered_messages(db.session(), typed)
    if found is None:
        form.number.errors = [_("Enter the six letters and digits at the end of the email, such as 4F7K-2Q.")]
        return Lookup(form, None)
    return Lookup(form, [_in_words(message) for message in found])


def _in_words(message: NumberedMessage) -> FoundMessage:
    return FoundMessage(
        title=mail_name(message.template) or message.template,
        facts=[
            _("Message number %(number)s", number=message_number(message.message_id)),
            message.address,
            _("Written %(at)s", at=moment(message.created_at)),
            _("Sent %(at)s", at=moment(message.handed_over_at)) if message.handed_over_at else "",
        ],
        status=state_tag(message.status),
        tone=state_tone(message.status),
        subject=message.subject,
        words=message.words,
    )
