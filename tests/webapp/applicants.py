"""The people of an enrollment, as browsers: the mails they get, the pages they fill in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models.domain.core.actors import SYSTEM
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.mail.messages import open_secrets
from models.store.identity.passwords import set_password
from models.tables.core.messages import Message
from tests.database import Database
from tests.enrollment_story import SECTION_A, SECTION_B, EnrollmentStory
from tests.webapp.accounts import PASSWORD, sign_in

ADMIN = "ana@blueridge.example"
COORDINATOR = "coco@blueridge.example"
START = {"organization_name": "Blue Ridge", "name": "Ana Ruiz", "email": ADMIN}
LOCATION = {"name": "Boone", "coordinator_name": "Coco Lane", "coordinator_email": COORDINATOR, "language": "es"}
STEPS = {
    "A": {
        "organization": ("legal_name", "location_count", "phone", "email"),
        "address": ("street", "street2", "city", "county", "state", "zip"),
        "cmo": tuple(name for name in SECTION_A if name.startswith("cmo_")),
        "ceo": tuple(name for name in SECTION_A if name.startswith("ceo_")),
    },
    "B": {
        "location": ("location_name", "provider_type"),
        "coordinator": (
            "coordinator_first_name",
            "coordinator_last_name",
            "coordinator_phone",
            "coordinator_email",
        ),
        "backup": ("backup_first_name", "backup_last_name", "backup_phone", "backup_email"),
        "capacity": ("refrigerated_vials", "frozen_vials", "ultra_frozen_vials"),
    },
}
ANSWERS_B: dict[str, object] = {
    **SECTION_B,
    "location_name": "Boone",
    "coordinator_first_name": "Coco",
    "coordinator_last_name": "Lane",
    "coordinator_email": COORDINATOR,
}


def link_for(database: Database, address: str, template: str) -> str:
    """The path in the newest mail of a template to an address."""
    with Session(database.app_engine) as session:
        statement = select(Message).where(Message.to_address == address, Message.template == template)
        message = session.scalars(statement.order_by(Message.created_at.desc())).first()
        assert message is not None, f"no {template} to {address}"
        return open_secrets(message)["path"]


def mails_to(database: Database, address: str) -> list[str]:
    """The templates of the mails to an address, oldest first."""
    with Session(database.app_engine) as session:
        statement = select(Message.template).where(Message.to_address == address).order_by(Message.created_at)
        return list(session.scalars(statement))


def browser(app: Flask, email: str | None = None) -> FlaskClient:
    """A new browser, signed in as somebody who has the password of the tests."""
    client = app.test_client()
    if email:
        answer = sign_in(client, email)
        assert answer.status_code in {302, 303}, answer.get_data(as_text=True)
    return client


def give_password(story: EnrollmentStory, account_id: UUID) -> None:
    with transaction(story.database.app_engine) as session:
        set_password(Act(session, SYSTEM, uuid4().hex), account_id=account_id, password=PASSWORD)


def story_of(database: Database, **begin: str) -> EnrollmentStory:
    """An enrollment of which the administrator can sign in; the process's clock is today's."""
    story = EnrollmentStory(database, **begin)
    story.now = datetime.now(UTC)
    give_password(story, story.admin)
    return story


def adopt(database: Database, enrollment_id: UUID) -> EnrollmentStory:
    """The process side of an enrollment that was begun in the browser."""
    story = EnrollmentStory.__new__(EnrollmentStory)
    story.database, story.id, story.now = database, enrollment_id, datetime.now(UTC)
    return story


def fill_section(client: FlaskClient, section_id: UUID, kind: str, answers: dict[str, object]) -> None:
    """Fill in every page of a section and complete it."""
    for step, names in STEPS[kind].items():
        place = f"/enrollment/sections/{section_id}/{step}"
        done = save_page(client, place, {name: answers[name] for name in names if name in answers})
        assert done.status_code == 303, done.get_data(as_text=True)
    done = post_form(
        client, f"/enrollment/sections/{section_id}/complete", page=f"/enrollment/sections/{section_id}/check"
    )
    assert done.status_code == 303, done.get_data(as_text=True)


def save_page(client: FlaskClient, place: str, answers: dict[str, object], **more: object) -> TestResponse:
    return post_form(client, place, then="continue", **answers, **more)


def post_form(client: FlaskClient, address: str, *, page: str | None = None, **values: object) -> TestResponse:
    """Send the form of a page, with its hidden fields."""
    return client.post(address, data={**hidden(client, page or address), **values})


def hidden(client: FlaskClient, page: str) -> dict[str, str]:
    """The hidden fields of the page's last form."""
    text = client.get(page).get_data(as_text=True)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return dict(found)
