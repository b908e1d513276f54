"""What accounts bring to the web app: their pages, and the words for their refusals and mails."""

from __future__ import annotations

from webapp.core.capability import WebCapability
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.identity.views import blueprint

CAPABILITY = WebCapability(
    "identity",
    blueprints=(blueprint,),
    refusals={
        "email_taken": _l("There is already an account with this address."),
        "password_too_short": _l("Use %(least)s characters or more."),
        "password_too_long": _l("Use %(most)s characters or fewer."),
        "password_repeats": _l("Do not use one part again and again."),
        "password_common": _l("Many people use this password. Choose another one."),
        "password_context": _l("Do not build it from your name or the program's name."),
        "account_disabled": _l("This account is closed."),
        "second_factor_missing": _l("Set up a second step first."),
        "passkeys_enough": _l("You have 10 passkeys. Remove one first."),
        "passkey_refused": _l("The passkey could not be connected. Try again."),
        "passkey_known": _l("This passkey is connected already."),
        "second_factor_exists": _l("This account already has a second step."),
    },
)
