"""Error pages (S35): every view fails in turn, the database, a template; nothing of the inside is shown."""

from __future__ import annotations

from uuid import uuid4

import pytest
from jinja2 import TemplateRuntimeError
from sqlalchemy.exc import OperationalError, ProgrammingError

from tests.attacks.test_forgery_every_form import WORDS
from webapp.core import errors

CANARY = "Zzcanary SELECT secret FROM accounts"
INSIDE = ("Zzcanary", "SELECT", "Traceback", "Error", "psycopg", "sqlalchemy", "werkzeug", "Flask/", "Python/", ".py")


class Broken(Exception):
    """Stands for a failure that nobody foresaw."""


def fail(error):
    def view(**_arguments):
        raise error

    return view


@pytest.fixture
def breaking(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def addresses(app):
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            method = "GET" if "GET" in rule.methods else "POST"
            names = {name: WORDS.get(name, uuid4()) for name in rule.arguments - {"filename"}}
            if rule.endpoint != "static":
                yield rule.endpoint, method, rule.build(names)[1]


def assert_tells_nothing(answer, code):
    page = answer.get_data(as_text=True)
    assert answer.status_code == code
    assert not [word for word in INSIDE if word in page]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "charset=utf-8" in answer.headers["Content-Type"] or answer.is_json
    return page


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_view_that_fails_shows_a_number_and_nothing_of_its_inside(breaking, language):
    client = breaking.test_client()
    for endpoint, method, address in list(addresses(breaking)):
        breaking.view_functions[endpoint] = fail(Broken(CANARY))
        answer = client.open(address, method=method, headers={"Accept-Language": language})
        page = assert_tells_nothing(answer, 500)
        assert answer.headers["X-Request-ID"] in page
        assert f'<html lang="{language}"' in page


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OperationalError(CANARY, {}, Exception(CANARY)), 503),
        (ProgrammingError(CANARY, {}, Exception(CANARY)), 500),
        (TemplateRuntimeError(CANARY), 500),
        (RecursionError(CANARY), 500),
        (MemoryError(CANARY), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_kind_of_failure_is_named(breaking, error, code):
    breaking.view_functions["public.start"] = fail(error)
    assert_tells_nothing(breaking.test_client().get("/"), code)


def test_a_script_is_answered_in_json(breaking):
    breaking.view_functions["public.start"] = fail(Broken(CANARY))
    client = breaking.test_client()
    answer = client.get("/", headers={"Accept": "application/json"})
    assert_tells_nothing(answer, 500)
    assert answer.json["id"] == answer.headers["X-Request-ID"]
    absent = client.get("/no-such-page", headers={"Accept": "application/json"})
    assert (absent.status_code, absent.json["id"], absent.json["error"]) == (404, None, "Page not found")


def test_an_error_page_that_fails_itself_still_has_a_number(breaking, monkeypatch):
    def no_template(*_arguments, **_values):
        raise TemplateRuntimeError(CANARY)

    breaking.view_functions["public.start"] = fail(Broken(CANARY))
    monkeypatch.setattr(errors, "render_template", no_template)
    answer = breaking.test_client().get("/")
    assert answer.headers["X-Request-ID"] in assert_tells_nothing(answer, 500)


@pytest.mark.parametrize(
    ("method", "address", "sent", "code"),
    [
        ("POST", "/sign-in", b"x=" + b"y" * 600_000, 413),
        ("DELETE", "/sign-in", b"", 405),
        ("GET", "/no-such-page", b"", 404),
        ("GET", "/%00", b"", 400),
    ],
)
def test_a_refusal_names_no_software(client, method, address, sent, code):
    answer = client.open(address, method=method, data=sent, content_type="application/x-www-form-urlencoded")
    assert_tells_nothing(answer, code)


def test_a_form_without_its_token_names_no_software(client):
    assert_tells_nothing(client.post("/sign-in", data={"email": "a@b.example"}), 400)
