"""Reading a page as text and pressing the buttons that stand on it."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def page_of(client: FlaskClient, address: str = "/tasks") -> str:
    """The text of a page."""
    return client.get(address).get_data(as_text=True)


def press(client: FlaskClient, page: str, action: str, **typed: object) -> TestResponse:
    """Press the button of the form with this action on a page that was fetched before."""
    form = re.search(rf'<form[^>]*action="({re.escape(action)}[^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no form for {action}"
    fields = re.findall(r'type="hidden" (?:id="[^"]*" )?name="([^"]+)" value="([^"]*)"', form.group(2))
    return client.post(html.unescape(form.group(1)), data={**dict(fields), **typed})
