"""Forged log lines (S36): line ends, terminal codes and broken JSON wherever a stranger can put them."""

from __future__ import annotations

import io
import json
import logging
from urllib.parse import quote

import pytest
import structlog
from flask.testing import FlaskClient
from sqlalchemy import update

from models.running.log_lines import describe_failure, formatter
from models.tables.identity.accounts import Account
from tests.webapp.accounts import make_account, post, sign_in

FORGED = {
    "line end": 'x\r\n{"event": "forged", "level": "info"}',
    "line feed": 'x\n{"event": "forged"}\n',
    "carriage return": 'x\r{"event": "forged"}',
    "terminal": "x\x1b[2K\x1b[1A\x1b]0;forged\x07",
    "c1 terminal": "x\x9b2Kforged\x85forged",
    "unicode line ends": "x\u2028forged\u2029forged",
    "json": 'x", "event": "forged", "y": "',
    "json tail": '"}\\"}\\u000a{"event": "forged"}',
    "format": "%s %(event)s {event} %n %d forged",
    "right to left": "\u202eforged\u2066",
}
HEADERS = ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_X_REQUEST_ID", "HTTP_X_FORWARDED_FOR", "HTTP_ACCEPT_LANGUAGE",
           "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_HX_CURRENT_URL", "HTTP_ACCEPT", "CONTENT_TYPE")  # fmt: skip


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)


@pytest.fixture
def lines(app):
    """The log since the fixture began, read line by line as a collector does, each line one whole event."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    shared = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, describe_failure]
    handler.setFormatter(formatter(shared))
    root = logging.getLogger()
    root.addHandler(handler)

    def read():
        text = stream.getvalue()
        assert text.isascii()
        assert all(character.isprintable() or character == "\n" for character in text)
        return [json.loads(line) for line in text.splitlines()]

    yield read
    root.removeHandler(handler)


def assert_only_requests(lines, count):
    """As many lines as requests, of our own events, and nothing of what was sent but where its place is."""
    assert [line["event"] for line in lines] == ["request"] * count
    for line in lines:
        assert set(line) == {"event", "id", "method", "rule", "status", "ms", "level", "logger", "timestamp"}
        assert line["logger"] == "webapp"
        assert len(line["id"]) == 32
        assert "forged" not in json.dumps({**line, "method": ""})


def test_what_is_typed_into_forms_forges_no_line(database, client, lines):
    for number, forged in enumerate(FORGED.values()):
        client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        post(client, "/sign-in", email=f"{forged}@example.org", password=forged, next=forged)
        post(client, "/account/forgot", email=f"{forged}@example.org")
        names = {"organization_name": forged, "name": forged}
        post(client, "/enrollment/begin/details", **names, email=f"a{forged}@example.org")
    assert_only_requests(lines(), 6 * len(FORGED))


def test_the_name_of_whoever_is_signed_in_forges_no_line(database, app, lines):
    """Names that no form would take; so the markup of their pages is not looked at."""
    client = FlaskClient(app)
    make_account(database.app_engine)
    sign_in(client)
    for forged in FORGED.values():
        with database.owner_engine.begin() as connection:
            connection.execute(update(Account).values(name=forged))
        answers = [client.get(page).status_code for page in ("/account", "/account/sessions", "/tasks")]
        assert answers == [200, 200, 200]
    assert_only_requests(lines(), 2 + 3 * len(FORGED))


def test_no_header_forges_a_line(client, lines):
    for forged in FORGED.values():
        raw = forged.encode().decode("latin-1")
        for header in HEADERS:
            assert client.get("/sign-in", environ_overrides={header: raw}).status_code < 500
    assert_only_requests(lines(), len(HEADERS) * len(FORGED))


def test_no_address_and_no_method_forges_a_line(client, lines):
    for forged in FORGED.values():
        for place in (f"/{quote(forged)}", f"/account/reset/{quote(forged, safe='')}", f"/help?q={quote(forged)}"):
            assert client.get(place).status_code < 500
        path = f"/{forged.encode().decode('latin-1')}"
        assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code < 500
        assert client.open("/help", method=f"BREW{forged}").status_code == 405
    assert_only_requests(lines(), 5 * len(FORGED))


def test_a_failure_that_quotes_what_was_typed_is_one_line(app, lines):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for forged in FORGED.values():
        app.view_functions["public.start"] = fails_with(forged)
        assert app.test_client().get("/").status_code == 500
        failed, asked = lines()[-2:]
        assert (failed["event"], asked["event"]) == ("failure", "request")
        assert (failed["id"], failed["error"]) == (asked["id"], f"Broken{forged}")
        assert "forged" not in json.dumps({**failed, "error": ""}).replace("test_log_forging", "")
    assert len(lines()) == 2 * len(FORGED)


def fails_with(forged):
    def fail():
        raise type(f"Broken{forged}", (ValueError,), {})(forged)

    return fail
