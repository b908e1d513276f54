"""A button that is a whole form: done once, or a plain page that says why not."""

from __future__ import annotations

from flask import Response

from webapp.core.errors import plain_page
from webapp.core.forms.form import Form
from webapp.core.forms.submission import Submission, submit_form
from webapp.core.text.error_messages import ALREADY_CHANGED, PAGES


class PressForm(Form):
    """A button alone, without anything typed."""


def press_button(do: Submission) -> Response:
    """Do what the button says and go on; with the reason where a rule or a brake refuses."""
    form = PressForm()
    answer = submit_form(form, do) if form.validate_on_submit() else None
    if answer is not None:
        return answer
    message = PAGES[429] if form.braked else ALREADY_CHANGED
    return plain_page(form.status, message, tuple(link.message for link in form.error_links))
