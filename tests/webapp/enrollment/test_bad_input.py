"""Every form of the enrollment's own people × missing, too long, hostile, double press, someone else's, wrong step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.store.core.act import Act
from models.store.organizations.locations import create_organization
from models.tables.core.audit import AuditRow
from models.tables.core.messages import Message
from models.tables.enrollment.lifecycle import Section
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account, post
from tests.webapp.applicants import ADMIN, browser, hidden, post_form
from tests.webapp.enrollment.forms import FORMS, FormCase, a, awaiting, b, draft, filled, in_review, joined, signature

HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE accounts; --",
    "{{ 7*7 }}${7*7}",
    "../../etc/passwd",
    "\u202e\u200d👩‍⚕️ ĉ̣̂",
)
UNSEEN = ("\x07", "a\tb", "a\r\nBcc: x@y.example")
with_fields = pytest.mark.parametrize("case", [one for one in FORMS if one.required], ids=lambda case: case.name)
with_texts = pytest.mark.parametrize("case", [one for one in FORMS if one.texts], ids=lambda case: case.name)
every = pytest.mark.parametrize("case", FORMS, ids=lambda case: case.name)


def counted(story: EnrollmentStory) -> tuple[int, int, list[tuple[object, ...]]]:
    """What a refused form must leave as it was."""

    def look(session):
        done = select(func.count()).select_from(AuditRow).where(AuditRow.outcome == "done")
        mails = select(func.count()).select_from(Message)
        sections = select(Section.id, Section.version, Section.state).order_by(Section.id)
        rows = [tuple(row) for row in session.execute(sections)]
        return session.scalar(done), session.scalar(mails), rows

    return story.read(look)


def send(client: FlaskClient, case: FormCase, story: EnrollmentStory, values: Mapping[str, object]):
    place = case.place(story)
    return post_form(client, place.partition("?")[0], page=case.page(story) if case.page else place, **values)


@with_fields
def test_what_is_missing_is_said_beside_the_field(app: Flask, database: Database, case: FormCase) -> None:
    story = case.stage(database)
    client = browser(app, case.who)
    before = counted(story)
    for name in case.required:
        values = {**case.values, name: ""} if name not in ("confirmed", "declared") else dict(case.values)
        if name in ("confirmed", "declared"):
            del values[name]
        answer = send(client, case, story, values)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422, (name, answer.status_code)
        assert f'id="{name}-error"' in text
        assert "<title>Error:" in text
        kept = [str(value) for key, value in values.items() if key in case.texts and key not in (name, "password")]
        assert all(escape(value) in text for value in kept)
    assert counted(story) == before


@with_texts
def test_what_is_too_long_is_refused_and_never_cut(app: Flask, database: Database, case: FormCase) -> None:
    story = case.stage(database)
    client = browser(app, case.who)
    before = counted(story)
    for name in case.texts:
        answer = send(client, case, story, {**case.values, name: "x" * 20_000})
        assert answer.status_code == 422, (name, answer.status_code)
        assert f'id="{name}-error"' in answer.get_data(as_text=True)
    assert counted(story) == before


@with_texts
def test_unseen_characters_are_refused(app: Flask, database: Database, case: FormCase) -> None:
    story = case.stage(database)
    client = browser(app, case.who)
    before = counted(story)
    for name in (one for one in case.texts if one not in ("password", "reason")):
        for text in UNSEEN:
            answer = send(client, case, story, {**case.values, name: text})
            assert answer.status_code == 422, (name, text, answer.status_code)
    assert send(client, case, story, {**case.values, case.texts[0]: "a\x00b"}).status_code == 400
    assert counted(story) == before


@with_texts
def test_hostile_text_is_only_text(app: Flask, database: Database, case: FormCase) -> None:
    for text in HOSTILE if case.name in ("begin", "A-organization", "add location", "withdraw") else HOSTILE[:1]:
        story = case.stage(database)
        client = browser(app, case.who)
        for name in case.texts:
            answer = send(client, case, story, {**case.values, name: text})
            assert answer.status_code in (303, 409, 410, 422), (name, text, answer.status_code)
            shown = answer.get_data(as_text=True)
            if answer.status_code == 303 and answer.location.startswith(f"/enrollment/{story.id}"):
                shown += client.get(answer.location).get_data(as_text=True)
            assert "<script>alert" not in shown
            assert "49$" not in shown
        story.database.clean()


@every
def test_a_double_press_is_one_act(app: Flask, database: Database, case: FormCase) -> None:
    story = case.stage(database)
    client = browser(app, case.who)
    place = case.place(story)
    data = {**hidden(client, case.page(story) if case.page else place), **case.values}
    first = client.post(place.partition("?")[0], data=data)
    assert first.status_code == 303, first.get_data(as_text=True)
    after = counted(story)
    second = client.post(place.partition("?")[0], data=data)
    if case.who is None and case.name in ("confirm", "join"):
        assert second.status_code in (400, 410)
    else:
        assert (second.status_code, second.location) == (303, first.location)
    assert counted(story) == after


@pytest.mark.parametrize("case", [one for one in FORMS if one.who], ids=lambda case: case.name)
def test_someone_elses_is_not_found(app: Flask, database: Database, case: FormCase) -> None:
    story = case.stage(database)
    place = case.place(story)
    make_account(database.app_engine, "eve@evil.example", role=Role.ORG, organization=other_organization(story))
    eve = browser(app, "eve@evil.example")
    before = counted(story)
    token = hidden(eve, "/account")
    values = {**token, "form_token": uuid4().hex, **case.values, "version": "1"}
    assert eve.post(place, data=values).status_code == 404
    if case.page is None:
        assert eve.get(place).status_code == 404
    assert counted(story)[1:] == before[1:]
    nobody = browser(app)
    answer = post(nobody, place, page="/enrollment/begin/details", **case.values)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    assert counted(story)[1:] == before[1:]


def other_organization(story: EnrollmentStory) -> UUID:
    return story.act(lambda session, key: create_organization(Act(session, SYSTEM, key), name="Evil"))


LATE = {
    "step of an enrollment in review": (in_review, lambda s: f"/enrollment/sections/{a(s)}/address", {"city": "X"}),
    "complete in review": (in_review, lambda s: f"/enrollment/sections/{a(s)}/complete", {}),
    "complete twice": (awaiting, lambda s: f"/enrollment/sections/{a(s)}/complete", {}),
    "complete with gaps": (draft, lambda s: f"/enrollment/sections/{a(s)}/complete", {}),
    "reopen a draft": (draft, lambda s: f"/enrollment/sections/{a(s)}/reopen", {}),
    "submit a draft": (draft, lambda s: f"/enrollment/{s.id}/submit", {"declared": "y"}),
    "submit twice": (in_review, lambda s: f"/enrollment/{s.id}/submit", {"declared": "y"}),
    "remove in review": (in_review, lambda s: f"/enrollment/locations/{b(s)}/remove", {}),
    "name a signer in review": (in_review, lambda s: f"/enrollment/signers/{signature(s, 'cmo')}", {}),
    "invite who has joined": (joined, lambda s: f"/enrollment/sections/{b(s)}/send-again", {}),
    "send again at once": (draft, lambda s: f"/enrollment/sections/{b(s)}/send-again", {}),
}


@pytest.mark.parametrize("late", LATE, ids=lambda late: late)
def test_a_wrong_step_is_refused_in_plain_words(app: Flask, database: Database, late: str) -> None:
    stage, place, values = LATE[late]
    story = stage(database)
    client = browser(app, ADMIN)
    before = counted(story)
    data = {**hidden(client, f"/enrollment/{story.id}"), "form_token": uuid4().hex, "then": "later"}
    version = story.section().version
    answer = client.post(place(story), data={**data, "version": str(version), **values})
    assert answer.status_code in (409, 422), answer.status_code
    assert "<h1" in answer.get_data(as_text=True)
    assert counted(story) == before


@pytest.mark.parametrize("other", [True, False], ids=["somebody else", "the same person"])
def test_a_page_saved_meanwhile_is_compared_field_by_field(app: Flask, database: Database, other: bool) -> None:
    story = filled(database)
    client = browser(app, ADMIN)
    place = f"/enrollment/sections/{a(story)}/address"
    data = {**hidden(client, place), "then": "continue"}
    story.save(a(story), {"city": "Asheville", "street": "1 New Road"}, story.second_administrator() if other else None)
    mine = {"street": "1 New Road", "city": "Durham", "county": "Durham", "state": "NC", "zip": "27701"}
    answer = client.post(place, data={**data, **mine})
    text = answer.get_data(as_text=True)
    said = "Saved by someone else" if other else "Saved in your other window"
    assert answer.status_code == 409
    assert ("You changed this in another window." in text) is not other
    assert f"{said}: Asheville" in text
    assert f"{said}: 1 New Road" not in text
    assert 'value="Durham"' in text
    assert story.section().answers["city"] == "Asheville"
    fresh = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    assert client.post(place, data={**fresh, "then": "continue", **mine}).status_code == 303
    assert story.section().answers["city"] == "Durham"
