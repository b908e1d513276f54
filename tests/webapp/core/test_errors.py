"""Every refusal and failure is one plain page."""

from __future__ import annotations

import dataclasses
import time

import pytest
from flask import abort
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.domain.core.violations import RuleViolation
from webapp import create_app
from webapp.extensions import db

CODES = [400, 401, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503]


@pytest.fixture
def failing(own_app):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    own_app.config["WTF_CSRF_ENABLED"] = False

    @own_app.route("/fail/<int:code>")
    def fail(code):
        abort(code)

    @own_app.route("/fail/rule")
    def rule():
        raise RuleViolation("decided", "Somebody else has decided.")

    @own_app.route("/fail/bug")
    def bug():
        raise ValueError("Zzcanary")

    @own_app.route("/fail/pool")
    def pool():
        raise PoolTimeout

    @own_app.route("/fail/post", methods=["POST"])
    def post():
        return ""

    return own_app


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_a_page_with_its_status(failing, code):
    response = failing.test_client().get(f"/fail/{code}")
    assert response.status_code == code
    assert "(919) 555-0142" in response.get_data(as_text=True)


@pytest.mark.parametrize("code", [406, 418, 451, 501])
def test_an_unusual_error_has_a_page_too(failing, code):
    assert failing.test_client().get(f"/fail/{code}").status_code == code


def test_a_wrong_method_names_the_right_ones(failing):
    response = failing.test_client().get("/fail/post")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_a_refused_rule_is_a_conflict_in_its_own_words(failing):
    response = failing.test_client().get("/fail/rule")
    assert response.status_code == 409
    assert "Somebody else has decided." in response.get_data(as_text=True)


def test_a_failure_shows_a_number_and_nothing_else(failing):
    response = failing.test_client().get("/fail/bug")
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] in page
    assert "Zzcanary" not in page
    assert "ValueError" not in page


def test_a_full_pool_asks_to_come_back(failing):
    response = failing.test_client().get("/fail/pool")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def test_a_database_that_is_down_is_said_within_three_seconds(settings):
    cut_off = create_app(dataclasses.replace(settings, database_url="postgresql://x:x@127.0.0.1:1/x"))

    @cut_off.route("/reads")
    def reads():
        return str(db.session.execute(text("SELECT 1")).scalar())

    began = time.monotonic()
    response = cut_off.test_client().get("/reads")
    assert time.monotonic() - began < 3
    assert response.status_code == 503
    assert "Retry-After" in response.headers


def test_a_session_cookie_while_the_database_is_down_is_no_failure_of_its_own(settings):
    cut_off = create_app(dataclasses.replace(settings, database_url="postgresql://x:x@127.0.0.1:1/x"))
    client = cut_off.test_client()
    client.set_cookie("cvms", "x" * 43)
    for path in ("/", "/no-such-page"):
        assert client.get(path).status_code == 503


def test_a_form_without_its_csrf_token_is_refused(own_app):
    @own_app.route("/post", methods=["POST"])
    def post():
        raise AssertionError

    client = own_app.test_client()
    client.set_cookie("cvms", "x")
    response = client.post("/post")
    words = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "open for too long" in words
    assert "Nothing was changed" not in words, "it may have been: the answer of an earlier try may have been lost"
