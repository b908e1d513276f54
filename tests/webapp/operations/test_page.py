"""The system page: how everything is, what is stuck, and buttons that do no harm when pressed twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text

import models
from activities.core.loops.mail_sender import MailSender
from activities.core.mail_rendering import Sender
from activities.core.mail_server import mail_server
from models.domain.core.actors import SYSTEM, person
from models.domain.core.mail.messages import MessageStatus
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation
from models.postgres.database import transaction
from models.queries.core.processes import undelivered
from models.queries.enrollment.process import process_of
from models.queries.operations.system import masked
from models.store.core.act import Act
from models.store.core.mail.messages import queue_message, retry_message
from models.store.core.processes import redeliver
from models.tables.core.audit import AuditRow
from models.tables.core.messages import Message
from models.tables.core.processes import Process
from tests.activities.core.smtp_script import ScriptedServer
from tests.enrollment_story import EnrollmentStory
from tests.mail import queue_mail
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of, press
from webapp.enrollment.staff.timeline import mail_name

SYSTEM_PAGE = "/staff/system"
WORDINGS = Path(models.__file__).parent / "reference" / "messages"


def change(database, statement, **values):
    with database.owner_engine.begin() as connection:
        connection.execute(text(statement), values)


def only(database, statement):
    with transaction(database.owner_engine) as session:
        return session.scalars(statement).one()


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def well(database):
    """A system in which everything works."""
    change(database, "INSERT INTO worker_heartbeats (worker_id, temporal_reached_at) VALUES ('w', now())")


@pytest.fixture
def administrator(database, client, well):
    make_account(database.app_engine, "ada@state.example", role=Role.ADM, name="Ada")
    sign_in(client, "ada@state.example")
    change(database, "UPDATE news SET created_at = now() - interval '2 minutes'")
    change(database, "UPDATE messages SET status = 'sent'")
    change(database, "DELETE FROM audit")
    return client


@pytest.fixture
def stalled(database, administrator):
    """A process that has not heard its news for two minutes; the relay has delivered them."""
    story = EnrollmentStory(database)
    change(
        database,
        "UPDATE processes SET rung = told, running_seen_at = now(), generation_at = now() - interval '1 hour'",
    )
    change(database, "UPDATE news SET created_at = now() - interval '2 minutes'")
    change(database, "UPDATE messages SET status = 'sent'")
    change(database, "DELETE FROM audit")
    with transaction(database.owner_engine) as session:
        return process_of(session, story.id)


def queued(database, status=MessageStatus.UNDELIVERABLE, *, template="join_reminder", params=None):
    with transaction(database.app_engine) as session:
        message_id = queue_message(
            Act(session, SYSTEM, uuid4().hex),
            template=template,
            to_address="coco@blueridge.example",
            language="en",
            params=params if params is not None else {"path": "/x"},
        )
    change(
        database,
        "UPDATE messages SET status = :status, attempts = 3, next_attempt_at = now() + interval '1 day' WHERE id = :id",
        status=status,
        id=message_id,
    )
    change(database, "DELETE FROM audit")
    return message_id


def test_a_system_that_is_well_says_so(administrator):
    words = words_of(page_of(administrator, SYSTEM_PAGE))
    assert "Everything is working. You don't need to do anything." in words
    assert words.count("Working") == 7
    assert "All processes are moving" in words
    assert "No messages waiting" in words


def test_the_menu_leads_there_for_the_administrator_only(database, administrator, app):
    assert f'href="{SYSTEM_PAGE}"' in page_of(administrator, "/help")
    make_account(database.app_engine, "rev@state.example", role=Role.REV, team="enrollment")
    reviewer = app.test_client()
    sign_in(reviewer, "rev@state.example")
    assert f'href="{SYSTEM_PAGE}"' not in page_of(reviewer, "/help")


@pytest.mark.parametrize("role", [Role.REV, Role.SUP, Role.AUD])
def test_other_staff_get_neither_the_page_nor_its_buttons(database, app, well, role):
    make_account(database.app_engine, "other@state.example", role=role, team="enrollment")
    client = app.test_client()
    sign_in(client, "other@state.example")
    assert client.get(SYSTEM_PAGE).status_code == 403


@pytest.mark.parametrize(
    ("statement", "name", "condition", "way_out"),
    [
        ("DELETE FROM worker_heartbeats", "Worker", "Not known", "Start the worker."),
        (
            "UPDATE worker_heartbeats SET seen_at = now() - interval '1 hour'",
            "Worker",
            "Not working",
            "Start the worker.",
        ),
        (
            "UPDATE worker_heartbeats SET temporal_reached_at = now() - interval '1 hour'",
            "Temporal",
            "Not working",
            "Look whether the Temporal server runs",
        ),
        ("UPDATE alembic_version SET version_num = '0001'", "Database", "Not working", "Run the migrations"),
        (
            """INSERT INTO audit (at, actor_kind, action, object_type, outcome, detail)
               VALUES (now() - interval '1 hour', 'system', 'x', 'x', 'done', '{}')""",
            "Seals of the audit trail",
            "Not working",
            "Look at its log.",
        ),
    ],
)
def test_what_does_not_work_is_named_with_its_way_out(
    database, administrator, request, statement, name, condition, way_out
):
    before = only(database, text("SELECT version_num FROM alembic_version"))
    change(database, statement)
    words = words_of(page_of(administrator, SYSTEM_PAGE))
    change(database, "UPDATE alembic_version SET version_num = :before", before=before)
    assert re.search(rf"{name} .*?{way_out}.*?{condition}", words)
    assert "There is nothing to do" not in words


@pytest.mark.parametrize(("days", "condition"), [(800, "Working"), (300, "Ends soon"), (-10, "Not working")])
def test_A17_the_end_of_the_list_of_holidays_is_told_a_year_before(administrator, monkeypatch, days, condition):
    ends = datetime.now(UTC).date() + timedelta(days=days)
    monkeypatch.setattr("models.queries.core.program.holidays_end", lambda _listed: ends)
    words = words_of(page_of(administrator, SYSTEM_PAGE))
    assert re.search(rf"State holidays .*?listed until {ends:%B} {ends.day}, {ends.year}.*?{condition}", words)
    assert ("Add the next year" in words) is (condition != "Working")


def test_a_process_that_does_not_hear_is_rung_again(database, administrator, stalled):
    page = page_of(administrator, SYSTEM_PAGE)
    assert "Provider enrollment" in page
    assert "Events not processed" in page
    assert f"cvms rebuild --process {stalled}" in page
    answer = press(administrator, page, f"{SYSTEM_PAGE}/processes/{stalled}/ring")
    assert answer.status_code == 303
    with transaction(database.owner_engine) as session:
        process = session.get_one(Process, stalled)
        assert process.delivered == process.processed < process.published
        assert undelivered(session) == [stalled]
    row = only(database, select(AuditRow).where(AuditRow.action == "process.ring"))
    assert (row.object_id, row.actor_kind) == (stalled, "person")
    assert "rung again" in page_of(administrator, SYSTEM_PAGE)


def test_pressing_twice_rings_once_and_answers_the_same(database, administrator, stalled):
    page = page_of(administrator, SYSTEM_PAGE)
    for _ in range(2):
        assert press(administrator, page, f"{SYSTEM_PAGE}/processes/{stalled}/ring").status_code == 303
    only(database, select(AuditRow).where(AuditRow.action == "process.ring"))


def test_a_process_that_has_heard_meanwhile_is_not_rung(database, administrator, stalled):
    page = page_of(administrator, SYSTEM_PAGE)
    change(database, "UPDATE processes SET heard = told")
    answer = press(administrator, page, f"{SYSTEM_PAGE}/processes/{stalled}/ring")
    assert answer.status_code in {409, 422}
    assert "heard everything meanwhile" in answer.get_data(as_text=True)


def test_a_process_nobody_saw_running_has_a_command_and_no_button(database, administrator, stalled):
    change(database, "UPDATE processes SET heard = told, rung = told, running_seen_at = NULL")
    page = page_of(administrator, SYSTEM_PAGE)
    assert "Not seen running" in page
    assert "cvms rebuild" in page
    assert "/ring" not in page


def test_a_message_that_was_given_up_is_tried_again(database, administrator):
    message_id = queued(database)
    page = page_of(administrator, SYSTEM_PAGE)
    assert "c…@blueridge.example" in page
    assert "coco@blueridge.example" not in page
    assert press(administrator, page, f"{SYSTEM_PAGE}/messages/{message_id}/retry").status_code == 303
    message = only(database, select(Message).where(Message.id == message_id))
    assert (message.status, message.attempts) == (MessageStatus.WAITING, 3)
    assert only(database, text("SELECT next_attempt_at <= db_now() FROM messages WHERE id = '" + str(message_id) + "'"))
    assert only(database, select(AuditRow).where(AuditRow.action == "message.retry")).object_id == message_id


@pytest.mark.parametrize(
    ("reply", "shown"), [("554 5.7.1 relay denied for ana@x.example", "554 5.7.1"), ("500 disk is full", "500")]
)
def test_A3_a_refusing_mail_server_is_shown_at_once_and_names_nobody(database, administrator, reply, shown):
    with transaction(database.app_engine) as session:
        queue_mail(session, "ana@x.example")
    with ScriptedServer({"body": reply}) as server:
        sender = Sender("no-reply@cvms.example", "https://cvms.example")
        MailSender(database.worker_engine, mail_server(server.url), sender).send_due()
    page = words_of(administrator.get(SYSTEM_PAGE).get_data(as_text=True))
    assert "The mail server refuses 1 message." in page
    assert f"The mail server said {shown}" in page
    assert "Fix the server." in page
    assert "ana@x" not in page
    assert "Everything works" not in page


def test_a_held_message_is_sent_on_a_persons_word(database, administrator):
    message_id = queued(database, MessageStatus.HELD)
    page = page_of(administrator, SYSTEM_PAGE)
    assert "before the database was restored" in page
    assert press(administrator, page, f"{SYSTEM_PAGE}/messages/{message_id}/retry").status_code == 303
    assert only(database, select(Message)).status == MessageStatus.WAITING


def test_a_message_whose_link_is_gone_has_no_button_and_no_other_way_in(database, administrator):
    message_id = queued(database, params={"organization": "Blue Ridge"})
    page = page_of(administrator, SYSTEM_PAGE)
    assert "its link is gone" in page
    assert "/retry" not in page
    with transaction(database.app_engine) as session, pytest.raises(RuleViolation, match="link"):
        retry_message(Act(session, person(uuid4()), "x"), message_id=message_id)


def test_a_message_that_was_sent_meanwhile_is_not_sent_again(database, administrator):
    message_id = queued(database)
    page = page_of(administrator, SYSTEM_PAGE)
    change(database, "UPDATE news SET created_at = now() - interval '2 minutes'")
    change(database, "UPDATE messages SET status = 'sent'")
    answer = press(administrator, page, f"{SYSTEM_PAGE}/messages/{message_id}/retry")
    assert "handed over a moment ago" in answer.get_data(as_text=True)
    assert only(database, select(Message).where(Message.id == message_id)).status == MessageStatus.SENT


def test_a_process_that_is_over_is_not_rung(database, administrator, stalled):
    change(database, "UPDATE processes SET open = false")
    with transaction(database.app_engine) as session, pytest.raises(RuleViolation, match="heard everything"):
        redeliver(Act(session, person(uuid4()), "x"), process_id=stalled)


@pytest.mark.parametrize(
    ("address", "shown"), [("coco@blueridge.example", "c…@blueridge.example"), ("@x", "…@x"), ("none", "…@none")]
)
def test_an_address_is_masked(address, shown):
    assert masked(address) == shown


def test_every_mail_has_a_name_in_words(app):
    templates = [path.stem for path in WORDINGS.rglob("[a-z]*.yaml")]
    assert len(templates) > 30
    for language in ("en", "es"):
        with app.test_request_context(f"/?lang={language}"):
            assert [name for name in templates if mail_name(name) in {None, "", name}] == []
