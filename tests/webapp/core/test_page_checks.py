"""The check of every page finds the faults it is there for."""

from __future__ import annotations

import pytest
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.webapp import page_checks
from tests.webapp.page_checks import CheckedClient

GOOD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Site – CVMS</title></head>'
    "<body><main><h1>Site</h1>{}</main></body></html>"
)
FAULTS = {
    "two h1": GOOD.format("<h1>Again</h1>"),
    "a poor title": GOOD.format("").replace("Site – CVMS", "Site"),
    "no language": GOOD.format("").replace(' lang="en"', ""),
    "an id twice": GOOD.format('<p id="a"></p><p id="a"></p>'),
    "a label for nothing": GOOD.format('<label for="gone">x</label>'),
    "an input without label": GOOD.format('<form action="/x"><input name="n" id="n"></form>'),
    "a form without action": GOOD.format("<form></form>"),
    "a form without its token": GOOD.format('<form action="/x" method="post"></form>'),
    "a form to another site": GOOD.format('<form action="https://evil.example"></form>'),
    "an inline style": GOOD.format('<p style="color:red"></p>'),
    "an inline script": GOOD.format("<script>1</script>"),
    "a handler": GOOD.format('<p onclick="x()"></p>'),
    "broken markup": GOOD.format("<p><div></p>"),
    "a link to nowhere on the page": GOOD.format('<a href="#gone">x</a>'),
    "a part with an inline style": '<p style="color:red"></p>',
}


@pytest.fixture
def serve(own_app):
    def fetch(markup: str) -> TestResponse:
        own_app.add_url_rule("/page", "page", lambda: Response(markup, mimetype="text/html"))
        return CheckedClient(own_app).get("/page")

    return fetch


def test_a_good_page_passes(serve):
    markup = GOOD.format('<label for="n">N</label><input id="n" name="n"><a href="#n">x</a>')
    assert serve(markup).status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(serve, fault):
    with pytest.raises(AssertionError):
        serve(FAULTS[fault])


def test_a_sound_page_is_taken_apart_once_whatever_its_tokens(monkeypatch):
    form = GOOD.format('<form action="/x" method="post"><input type="hidden" name="csrf_token" value="{}"></form>')
    taken_apart = []
    monkeypatch.setattr(page_checks, "SOUND", set())
    monkeypatch.setattr(page_checks, "_faults_of_page", lambda text: taken_apart.append(text) or [])
    for page in (form.format("one"), form.format("two"), form.replace("/x", "/y").format("one")):
        page_checks.check_page(TestResponse([page], "200 OK", Headers(), Request({})))
    assert len(taken_apart) == 2
