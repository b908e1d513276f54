"""What is asked in pairs: once about somebody or something known, once about nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import LinkPurpose
from models.postgres.database import transaction
from models.store.core.links import issue_link
from models.tables.enrollment.lifecycle import EnrollmentStart
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.tasks_data import organization, task
from tests.webapp.accounts import TOKEN, make_account, sign_in

Ask = Callable[[int], Callable[[], object]]
"""Prepares the question of a number; what it returns asks it."""
COPY = """
INSERT INTO accounts SELECT (jsonb_populate_record(a, jsonb_build_object(
  'id', gen_random_uuid(), 'email', 'known' || n || '@example.org', 'email_norm', 'known' || n || '@example.org'))).*
FROM accounts a, generate_series(0, :most) n WHERE a.email_norm = 'model@example.org'
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """`prepare` makes what is known and gives both questions, by `known` and `unknown`."""

    prepare: Callable[[Database, Flask, int], dict[str, Ask]]


def known_accounts(database: Database, count: int, role: Role | None, change: str) -> None:
    """Accounts known0@…, known1@…, all like one model, then changed by a statement."""
    make_account(database.app_engine, "model@example.org", role=role, team="enrollment" if role else None)
    with database.owner_engine.begin() as connection:
        connection.execute(text(COPY), {"most": count - 1})
        if change:
            connection.execute(text(f"UPDATE accounts SET {change}"))


def asks_by_form(page: str, values: dict[str, str], *, role: Role | None = None, change: str = "") -> Pair:
    """A form with an email address, sent by a new visitor from an address of its own each time."""

    def prepare(database: Database, app: Flask, count: int) -> dict[str, Ask]:
        known_accounts(database, count, role, change)
        return {kind: _by_form(app, page, values, kind) for kind in ("known", "unknown")}

    return Pair(prepare)


def _by_form(app: Flask, page: str, values: dict[str, str], kind: str) -> Ask:
    def ask(number: int) -> Callable[[], object]:
        client = _visitor(app, kind, number)
        filled = _hidden(client, page) | values | {"email": f"{kind}{number}@example.org"}
        return lambda: client.post(page, data=filled)

    return ask


def _visitor(app: Flask, kind: str, number: int) -> FlaskClient:
    """A new browser at an address of its own."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = f"10.{kind == 'known':d}.{number // 250}.{number % 250 + 1}"
    return client


def _hidden(client: FlaskClient, page: str) -> dict[str, str]:
    return dict(TOKEN.findall(client.get(page).get_data(as_text=True)))


def asks_for_fresh_links() -> Pair:
    """A fresh link in place of one that is over: while the enrollment still waits for it, and when it does not."""

    def prepare(database: Database, app: Flask, count: int) -> dict[str, Ask]:
        confirmed = EnrollmentStory(database).id
        kinds = {"known": None, "unknown": confirmed}
        return {kind: _by_link(app, kind, _old_links(database, count, done)) for kind, done in kinds.items()}

    return Pair(prepare)


def _by_link(app: Flask, kind: str, tokens: list[str]) -> Ask:
    def ask(number: int) -> Callable[[], object]:
        client = _visitor(app, kind, number)
        filled = _hidden(client, "/sign-in")
        return lambda: client.post(f"/enrollment/confirm/{tokens[number]}/fresh", data=filled)

    return ask


def _old_links(database: Database, count: int, enrollment_id: UUID | None) -> list[str]:
    """Links of wishes to enroll, all too old."""
    with transaction(database.owner_engine) as session:
        names = {"organization_name": "Quiet Pines Clinic", "name": "Pat Doe", "language": "en"}
        return [
            _old_link(session, EnrollmentStart(id=uuid4(), email=f"{uuid4().hex}@example.org", **names), enrollment_id)
            for _ in range(count)
        ]


def _old_link(session: Session, start: EnrollmentStart, enrollment_id: UUID | None) -> str:
    start.enrollment_id = enrollment_id
    session.add(start)
    purpose, ended = LinkPurpose.CONFIRM_ENROLLMENT, timedelta(days=-1)
    return issue_link(session, purpose=purpose, subject_id=start.id, address=start.email, lifetime=ended)


def asks_for_object(noun: str, page: str) -> Pair:
    """A thing of another organization, and one that is none."""

    def prepare(database: Database, app: Flask, _count: int) -> dict[str, Ask]:
        story = EnrollmentStory(database)
        with transaction(database.owner_engine) as session:
            own = organization(session, "Piedmont Clinic")
            foreign = {
                "task": task(session, organization(session)).id,
                "enrollment": story.id,
                "section": story.section().id,
            }[noun]
        make_account(database.app_engine, role=Role.ORG, organization=own)
        client = app.test_client()
        sign_in(client)
        return {
            "known": lambda _number: lambda: client.get(page.format(foreign)),
            "unknown": lambda _number: lambda: client.get(page.format(uuid4())),
        }

    return Pair(prepare)


WRONG = {"password": "not the password at all"}
START = {"organization_name": "Quiet Pines Clinic", "name": "Pat Doe"}
PAIRS = {
    "sign-in": asks_by_form("/sign-in", WRONG),
    "sign-in, state staff": asks_by_form("/sign-in", WRONG, role=Role.REV),
    "sign-in, disabled": asks_by_form("/sign-in", WRONG, change="status = 'disabled'"),
    "sign-in, no password": asks_by_form("/sign-in", WRONG, change="status = 'invited', password_hash = NULL"),
    "reset": asks_by_form("/account/forgot", {}),
    "reset, disabled": asks_by_form("/account/forgot", {}, change="status = 'disabled'"),
    "reset, unverified": asks_by_form("/account/forgot", {}, change="status = 'invited', password_hash = NULL"),
    "begin enrollment": asks_by_form("/enrollment/begin/details", START),
    "fresh link": asks_for_fresh_links(),
    "task": asks_for_object("task", "/tasks/{}"),
    "enrollment": asks_for_object("enrollment", "/enrollment/{}"),
    "section": asks_for_object("section", "/enrollment/sections/{}/check"),
}
TOLD_OPENLY = frozenset({"fresh link"})
"""What the page of the old link says in words to whoever holds it; measured only when it is named."""
