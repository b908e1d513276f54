"""Whoever is not signed in is led to the sign-in page and back; the rest of the gate: tests/authorization (P33)."""

from __future__ import annotations

import pytest
from flask import Blueprint

from models.domain.core.permissions import Permission
from webapp.core.permissions import requires


@pytest.fixture
def gated(own_app):
    """The web app with one page for reviewers."""
    gate = Blueprint("gate", __name__)
    gate.add_url_rule("/gate/review", "review", requires(Permission.REVIEW_TASK_DECIDE)(lambda: ""))
    own_app.register_blueprint(gate)
    return own_app


def test_a_visitor_is_led_to_the_sign_in_page_and_back(gated):
    answer = gated.test_client().get("/gate/review?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/gate/review?a%3D1")


def test_a_visitors_page_that_asks_by_itself_stays_as_it_is(gated):
    answer = gated.test_client().get("/gate/review?poll=1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (401, b"")
    assert "HX-Redirect" not in answer.headers
