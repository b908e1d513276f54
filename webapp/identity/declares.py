"""What accounts bring to the web app: their pages, and the words for their refusals and mails."""

from __future__ import annotations

from webapp.core.capability import WebCapability
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.identity.views import blueprint

CAPABILITY = WebCapability(
    "identity",
    blueprints=(blueprint,),
    refusals={
        "email_taken": _l("There's already an account with this email address."),
        "password_too_short": _l("Use at least %(least)s characters."),
        "password_too_long": _l("Use %(most)s characters or fewer."),
        "password_repeats": _l("Don't repeat the same part."),
        "password_common": _l("Many people use this password. Choose another one."),
        "password_context": _l("Don't use your name or the program's name in it."),
        "account_disabled": _l("This account is closed."),
        "second_factor_missing": _l("Set up a second step first."),
        "passkeys_enough": _l("You have 10 passkeys. Remove one first."),
        "passkey_refused": _l("We couldn't add the passkey. Try again."),
        "passkey_known": _l("You've already added this passkey."),
        "second_factor_exists": _l("This account already has a second step."),
    },
)
