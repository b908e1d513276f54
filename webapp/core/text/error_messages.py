"""The words of the error pages: what happened, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """A title, what happened, and the way out."""

    title: LazyString
    what_happened: LazyString
    way_out: LazyString


EXPIRED_PAGE = ErrorMessage(
    _l("This page was open for too long"),
    _l("For your safety, we didn't accept the form. If you sent it before, that may have been saved."),
    _l("Go back, reload the page, and check whether it's done. If it isn't, send the form again."),
)
COOKIES_NEEDED = ErrorMessage(
    _l("Your browser must accept cookies"),
    _l("Your browser sent no cookie with this form, so we couldn't take it. Nothing was changed."),
    _l("Allow cookies for this site in your browser's settings. Then go back, load the page again, and send the form."),
)
ALREADY_CHANGED = ErrorMessage(
    _l("You can't do this now"),
    _l("Something changed since you opened the page. Nothing was saved."),
    _l("Open the page again to see where things stand."),
)
OTHER_PERSON = ErrorMessage(
    _l("This form was opened by someone else"),
    _l("Someone else signed in on this device after the form was opened, so we didn't accept it."),
    _l("To send the form, sign out and sign in again as the person who opened it."),
)
SIGNED_IN_SINCE = ErrorMessage(
    _l("You signed in after this page was opened"),
    _l("For your safety, we didn't accept the form."),
    _l("Open the page again and resend the form."),
)
TWO_ANSWERS_FOR_ONE_FORM = ErrorMessage(
    _l("This form was sent too often"),
    _l("We saved what you sent before. What you sent just now wasn't saved."),
    _l("Open the page again to see what was saved, and change it there."),
)
TOO_SLOW = ErrorMessage(
    _l("What you sent did not arrive in full"),
    _l("The connection was too slow or was cut off. Nothing was changed."),
    _l("Check your connection and try again."),
)
PAGES = {
    400: ErrorMessage(
        _l("We couldn't read this request"),
        _l("Part of it was missing. Nothing was changed."),
        _l("Go back, reload the page, and try again."),
    ),
    401: ErrorMessage(
        _l("Please sign in"),
        _l("Sign in to open this page."),
        _l("Sign in and open the page again."),
    ),
    403: ErrorMessage(
        _l("You can't open this page"),
        _l("Your account doesn't have permission to do this."),
        _l("If you need it for your work, ask the person who manages your accounts."),
    ),
    404: ErrorMessage(
        _l("Page not found"),
        _l("There's nothing at this address, or your account can't open it."),
        _l("Check the address, or go to the home page."),
    ),
    405: ErrorMessage(
        _l("This page works another way"),
        _l("This request doesn't match the page. Nothing was changed."),
        _l("Go back and use the buttons on the page."),
    ),
    409: ALREADY_CHANGED,
    410: ErrorMessage(
        _l("This link has ended"),
        _l("The link was used, was replaced by a newer one, or has expired."),
        _l("Look for a newer email from us, or ask us to send a new link."),
    ),
    413: ErrorMessage(
        _l("This is too large"),
        _l("What you sent is too large. Nothing was changed."),
        _l("Go back and send less at once."),
    ),
    415: ErrorMessage(
        _l("We can't use this kind of file"),
        _l("This page doesn't accept what you sent. Nothing was changed."),
        _l("Go back and use the form on the page."),
    ),
    429: ErrorMessage(
        _l("Please wait"),
        _l("There were too many tries in a short time. Nothing was changed."),
        _l("Wait a few minutes and try again."),
    ),
    500: ErrorMessage(
        _l("Something went wrong on our side"),
        _l("We've been notified. Anything we didn't confirm to you wasn't saved."),
        _l("Try again in a few minutes. If it happens again, call us and read out this number."),
    ),
    503: ErrorMessage(
        _l("We're busy right now"),
        _l("We can't reach our records right now. What you just sent may or may not have been saved."),
        _l("Wait half a minute, then send it or reload the page. Nothing happens twice."),
    ),
}
