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
    _l("For your safety we did not take in the form. If you sent it before, that may have been saved."),
    _l("Go back, load the page again, and see whether it is done. If not, send the form once more."),
)
COOKIES_NEEDED = ErrorMessage(
    _l("Your browser must accept cookies"),
    _l("Your browser sent no cookie with this form, so we couldn't take it. Nothing was changed."),
    _l("Allow cookies for this site in your browser's settings. Then go back, load the page again, and send the form."),
)
ALREADY_CHANGED = ErrorMessage(
    _l("This cannot be done now"),
    _l("Things have changed since the page was opened, or the step does not fit. Nothing was changed."),
    _l("Open the page again to see where things stand."),
)
OTHER_PERSON = ErrorMessage(
    _l("This form was opened by somebody else"),
    _l("Another person signed in on this device after the form was opened. We did not take in the form."),
    _l("To send the form, sign out and sign in again as the person who opened it."),
)
SIGNED_IN_SINCE = ErrorMessage(
    _l("You signed in after this page was opened"),
    _l("For your safety we did not take in the form."),
    _l("Open the page again and send the form once more."),
)
TWO_ANSWERS_FOR_ONE_FORM = ErrorMessage(
    _l("This form was sent too often"),
    _l("We have saved what you sent before. What you sent just now was not saved."),
    _l("Open the page again to see what was saved, and change it there."),
)
TOO_SLOW = ErrorMessage(
    _l("What you sent did not arrive in full"),
    _l("The connection was too slow or was cut off. Nothing was changed."),
    _l("Check your connection and try again."),
)
PAGES = {
    400: ErrorMessage(
        _l("We could not read this request"),
        _l("Something in it was not complete. Nothing was changed."),
        _l("Go back, load the page again, and try once more."),
    ),
    401: ErrorMessage(
        _l("Please sign in"),
        _l("This page is for people who have signed in."),
        _l("Sign in and open the page again."),
    ),
    403: ErrorMessage(
        _l("You may not open this page"),
        _l("Your account does not have the right to do this."),
        _l("If you need it for your work, ask the person who manages your accounts."),
    ),
    404: ErrorMessage(
        _l("Page not found"),
        _l("There is nothing at this address, or it is not for your account."),
        _l("Check the address, or begin from the start page."),
    ),
    405: ErrorMessage(
        _l("This page works another way"),
        _l("The request does not fit this page. Nothing was changed."),
        _l("Go back and use the buttons on the page."),
    ),
    409: ALREADY_CHANGED,
    410: ErrorMessage(
        _l("This link has ended"),
        _l("The link was used, replaced by a newer one, or is too old."),
        _l("Look for a newer message from us, or ask us to send a new link."),
    ),
    413: ErrorMessage(
        _l("This is too large"),
        _l("What you sent is larger than we can take. Nothing was changed."),
        _l("Go back and send less at a time."),
    ),
    415: ErrorMessage(
        _l("We cannot use this kind of file"),
        _l("What you sent is of a kind that this page does not take. Nothing was changed."),
        _l("Go back and use the form on the page."),
    ),
    429: ErrorMessage(
        _l("Please wait a little"),
        _l("There were too many tries in a short time. Nothing was changed."),
        _l("Wait a few minutes and try again."),
    ),
    500: ErrorMessage(
        _l("Something went wrong on our side"),
        _l("We have noted it. Nothing that was not confirmed to you has been saved."),
        _l("Try again in a few minutes. If it happens again, call us and read out this number."),
    ),
    503: ErrorMessage(
        _l("We are busy for a moment"),
        _l("The system cannot reach its records right now. What you have just sent may or may not have been saved."),
        _l("Wait half a minute and send it or load the page again. Nothing is done twice."),
    ),
}
