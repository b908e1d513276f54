"""A button that is a whole form: done once, or a plain page that says why not."""

from __future__ import annotations

from flask import Response

from webapp.acts import Act, act
from webapp.enrollment.forms import PressForm
from webapp.error_messages import ALREADY_CHANGED
from webapp.errors import plain_page


def press(do: Act) -> Response:
    """Do what the button says and go on; 409 with the reason where a rule refuses."""
    form = PressForm()
    answer = act(form, do) if form.validate_on_submit() else None
    if answer is not None:
        return answer
    return plain_page(409, ALREADY_CHANGED, tuple(link.message for link in form.error_links))
