"""What a refused rule says to a person: its code, translated; its own plain English where no words are declared."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from models.domain.core.violations import RuleViolation
from webapp.core.capability import declared
from webapp.core.text.lazy_text import lazy_text as _l

CORE_REFUSALS: Mapping[str, str] = {
    "missing": _l("%(label)s: fill this in."),
    "too_long": _l("Use %(max)s characters or fewer."),
    "wrong_type": _l("Enter something that fits here."),
    "bad_characters": _l("Remove the characters that can't be displayed."),
    "no_letters": _l("Enter letters or digits."),
    "bad_initial": _l("Enter one letter."),
    "bad_email": _l("Enter an email address, such as name@example.org"),
    "email_invalid": _l("Enter an email address, such as name@example.org"),
    "bad_phone": _l("Enter a phone number, such as 919-555-0123"),
    "phone_extension": _l("Enter the number without the extension."),
    "bad_zip": _l("Enter a ZIP code, such as 27601 or 27601-1234."),
    "bad_license": _l("Enter the license number exactly as it's printed on the license."),
    "not_a_number": _l("Enter a whole number, such as 12."),
    "out_of_range": _l("Enter a number from %(low)s to %(high)s."),
    "unknown_choice": _l("Choose one from the list."),
    "wrong_role": _l("Someone with another role has to do this."),
    "stale_version": _l("Someone changed this while you were looking at it. Check it and try again."),
    "key_reused": _l("This form was sent before with other answers."),
    "braked_address": _l(
        "Many people on your network have asked us for emails in the last hour. We have sent nothing this time. "
        "Wait %(minutes)s minutes, then send this form again."
    ),
    "braked_subject": _l(
        "We have sent several emails to this address in the last hour. Look in your mailbox and in the spam folder, "
        "or wait %(minutes)s minutes and send this form again."
    ),
    "busy_signing_in": _l("Many people are signing in right now. Wait a few seconds, then try again."),
    "link_unknown": _l("This link is not valid."),
    "link_used": _l("This link was already used."),
    "link_revoked": _l("This link was replaced by a newer one."),
    "link_expired": _l("This link has expired."),
}
"""Words for what every capability may refuse: typed values, links, and what has changed meanwhile."""


def say(violation: RuleViolation) -> str:
    """The sentence for one violation in the reader's language; the name of a field in it is translated too."""
    words = declared().refusals.get(violation.code)
    if words is None:
        return violation.message
    return str(words) % {name: gettext(value) if name == "label" else value for name, value in violation.values.items()}
