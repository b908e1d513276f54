"""The answer to too many tries: how long to wait, in words and as a header."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, make_response
from flask_babel import ngettext

from webapp.core.braking import answer_braked
from webapp.core.forms.form import Form, form_page


def waiting_page(
    template: str, form: Form, wait: timedelta, *, reset_helps: bool = False, **context: object
) -> Response:
    """The form again, with the time to wait; nothing of it was checked. A new password helps at signing in only."""
    form.form_errors.append(waiting_words(wait, reset_helps=reset_helps))
    answer_braked(wait)
    return make_response(form_page(template, form, **context)[0])


def waiting_words(wait: timedelta, *, reset_helps: bool = False) -> str:
    """How long to wait, in whole minutes."""
    minutes = max(1, -(-int(wait.total_seconds()) // 60))
    return _words_with_reset(minutes) if reset_helps else _words(minutes)


def _words(minutes: int) -> str:
    return ngettext(
        "There were too many tries. Wait %(num)d minute.", "There were too many tries. Wait %(num)d minutes.", minutes
    )


def _words_with_reset(minutes: int) -> str:
    return ngettext(
        "There were too many tries. Wait %(num)d minute, or reset your password.",
        "There were too many tries. Wait %(num)d minutes, or reset your password.",
        minutes,
    )
