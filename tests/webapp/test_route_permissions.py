"""Every route names its permission, every permission has its route, and the gate answers as promised (P33)."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask, abort
from sqlalchemy import select

from models.database import transaction
from models.domain.permissions import MATRIX, Permission, Role
from models.domain.tasks import TASK_RULES
from models.tables.audit import AuditRow
from tests.webapp.accounts import TOKEN, make_account, sign_in
from webapp.permissions import current_principal, requires

WITHOUT_VIEW = frozenset({"static"})
"""Served by Flask itself: files that everybody may read."""

ASKED_BY_THE_TASK = frozenset(rule.permission for rule in TASK_RULES.values())
"""The route that decides a task asks for these besides its own, each by the kind of the task."""


def permissions_of_routes(app: Flask) -> dict[str, Permission | None]:
    return {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "permission", None)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in WITHOUT_VIEW
    }


def test_every_route_names_a_permission(app):
    without = sorted(endpoint for endpoint, permission in permissions_of_routes(app).items() if permission is None)
    assert not without, f"Put @requires(Permission.…) under the route of: {without}"


def test_every_permission_of_a_route_stands_in_the_table(app):
    assert {permission for permission in permissions_of_routes(app).values() if permission} <= set(MATRIX)


def test_every_permission_of_the_table_has_a_route(app):
    unused = sorted(set(MATRIX) - set(permissions_of_routes(app).values()) - ASKED_BY_THE_TASK)
    assert not unused, f"Take these out of the table, or build their pages: {unused}"


def test_a_route_without_a_permission_is_noticed(app):
    plain = Blueprint("plain", __name__)
    plain.add_url_rule("/plain", "page", lambda: "")
    app.register_blueprint(plain)
    assert permissions_of_routes(app)["plain.page"] is None


@pytest.fixture
def gated(app):
    """The web app with one page for reviewers, one for organizations, and one that never finds anything."""
    gate = Blueprint("gate", __name__)

    @gate.route("/gate/review", methods=["GET", "POST"])
    @requires(Permission.REVIEW_TASK_DECIDE)
    def review():
        return {"who": current_principal().email}

    @gate.route("/gate/draft")
    @requires(Permission.ENROLLMENT_EDIT_DRAFT)
    def draft():
        abort(404)

    app.register_blueprint(gate)
    return app


def test_a_visitor_is_led_to_the_sign_in_page_and_back(gated):
    answer = gated.test_client().get("/gate/review?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/gate/review?a%3D1")


def test_a_visitors_page_that_asks_by_itself_stays_as_it_is(gated):
    answer = gated.test_client().get("/gate/review?poll=1", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (401, b"")
    assert "HX-Redirect" not in answer.headers


def test_a_role_that_may_gets_in(database, gated):
    client = gated.test_client()
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    sign_in(client)
    assert client.get("/gate/review").json == {"who": "ana@example.org"}


@pytest.mark.parametrize("role", [None, Role.ADM, Role.AUD])
def test_a_role_that_never_may_gets_one_page_and_one_audit_row(database, gated, role):
    client = gated.test_client()
    account_id = make_account(database.app_engine, role=role)
    sign_in(client)
    assert client.get("/gate/review").status_code == 403
    with transaction(database.owner_engine) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.outcome == "denied")).one()
    assert (row.actor_id, row.action) == (account_id, Permission.REVIEW_TASK_DECIDE)
    assert row.detail == {"route": "/gate/review"}


def test_the_page_of_a_refusal_is_always_the_same(database, gated):
    client = gated.test_client()
    make_account(database.app_engine)
    sign_in(client)
    pages = [TOKEN.sub("", client.get(f"/gate/review?of={which}").get_data(as_text=True)) for which in "ab"]
    first, second = (re.sub(r'data-(csrf|seconds-left)="[^"]*"|[?&;]of=.', "", page) for page in pages)
    assert first == second


def test_an_object_out_of_reach_leaves_an_audit_row_too(database, gated, facts_of_an_organization):
    client = gated.test_client()
    make_account(database.app_engine, role=Role.ORG, organization=facts_of_an_organization)
    sign_in(client)
    assert client.get("/gate/draft").status_code == 404
    with transaction(database.owner_engine) as session:
        assert session.scalars(select(AuditRow.action).where(AuditRow.outcome == "denied")).all() == [
            Permission.ENROLLMENT_EDIT_DRAFT
        ]


def test_nothing_opens_while_the_second_factor_is_missing(database, gated):
    client = gated.test_client()
    make_account(database.app_engine, role=Role.REV, team="enrollment", totp=False)
    sign_in(client)
    assert client.get("/gate/review").headers["Location"] == "/account/second-factor?next=/gate/review"
    answer = client.get("/gate/review", headers={"Accept": "application/json"})
    assert answer.status_code == 401


@pytest.fixture
def facts_of_an_organization(database):
    from models.tables.organizations import Organization

    with transaction(database.owner_engine) as session:
        organization = Organization(name="Blue Ridge Family Practice")
        session.add(organization)
        session.flush()
        return organization.id
