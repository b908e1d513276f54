"""Refusals of a mail server, of each class at each stage: only what speaks of the recipient for good is final."""

from __future__ import annotations

import pytest

from activities.core.loops.mail_sender import MailSender
from activities.core.mail_rendering import Sender
from activities.core.mail_server import MailServerDown, mail_server
from models.domain.core.actors import SYSTEM
from models.domain.core.mail.messages import MessageStatus
from models.domain.core.mail.replies import SmtpStage, address_is_dead
from models.postgres.database import transaction
from models.queries.operations.figures import read_figures
from models.queries.operations.system import unsent_messages
from models.store.core.act import Act
from models.store.core.mail.messages import retry_message
from tests.activities.core.smtp_script import ScriptedServer
from tests.activities.core.test_mail_sender import log, message, queue, send_all, wait_over

DEAD = [
    ("rcpt", "550 5.1.1 no such user"),
    ("rcpt", "550 5.1.0 address rejected"),
    ("rcpt", "550 5.1.2 bad destination system"),
    ("rcpt", "553 5.1.3 bad address syntax"),
    ("rcpt", "551 5.1.6 mailbox has moved"),
    ("rcpt", "556 5.1.10 null MX"),
    ("rcpt", "550 5.2.1 mailbox disabled"),
    ("rcpt", "550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 Learn more."),
    ("rcpt", "550 sorry, no mailbox here by that name. (#5.1.1)"),
    ("rcpt", "550 5.1.1 <ana@policy.example>: User unknown in relay recipient table"),
    ("data", "550 5.1.1 no such user"),
    ("body", "550 5.1.1 no such user"),
    ("body", "554 5.2.1 mailbox disabled"),
    ("rcpt", "550 no such user"),
    ("rcpt", "550 <ana@relay.example>: Recipient address: User unknown in virtual mailbox table"),
    ("rcpt", "553 Invalid recipient"),
    ("rcpt", "551 Unknown user"),
    ("rcpt", "550 mailbox not found"),
    ("rcpt", "556 domain does not accept mail"),
]
WAITING = [
    *((stage, f"{code} {text}") for stage in ("mail", "rcpt", "data", "body") for code, text in (
        (450, "4.2.0 mailbox busy"), (451, "4.7.1 greylisted"), (452, "4.3.1 no room"), (450, "no such user"),
        (451, "5.1.1 contradicts itself"), (454, "4.7.0 later"), (455, "parameters"),
        (500, "disk is full"), (500, "5.5.2 syntax"), (501, "5.5.4 arguments"), (502, "5.5.1 not implemented"),
        (503, "5.5.1 bad sequence"), (504, "5.5.4 parameter"), (521, "no mail here"), (530, "5.7.0 sign in first"),
        (535, "5.7.8 wrong password"), (550, "5.7.1 client blocked"), (550, "5.7.26 unauthenticated"),
        (550, "5.7.1 no such user"), (550, "4.1.1 contradicts itself"), (550, "5.1.7 bad sender"),
        (550, "5.1.8 bad sender system"), (550, "Administrative prohibition"), (550, "mailbox unavailable"),
        (550, "relay not permitted"), (550, "blocked using a list; unknown user"), (551, "user not local"),
        (552, "5.2.2 over quota"), (552, "5.3.4 too big"), (552, "mailbox full"), (553, "not in my allowed hosts"),
        (553, "mailbox name not allowed"), (554, "5.7.1 relay access denied"), (554, "transaction failed"),
        (554, "5.3.0 system error"), (554, "5.2.0 other"), (571, "5.7.1 refused"), (550, ""), (599, "what"),
    )),
    *(("mail", f"550 {text}") for text in ("5.1.1 no such user", "5.2.1 disabled", "no such user")),
    ("data", "550 no such user"),
    ("body", "550 no such user"),
    ("body", "556 domain does not accept mail"),
]  # fmt: skip
STAGES = {"mail": SmtpStage.MAIL, "rcpt": SmtpStage.RECIPIENT, "data": SmtpStage.DATA, "body": SmtpStage.DATA}


def judged(stage: str, reply: str) -> bool:
    """As the mail client hands it on: lines without their codes."""
    return address_is_dead(STAGES[stage], int(reply[:3]), "\n".join(line[4:] for line in reply.split("\n")))


@pytest.mark.parametrize(("stage", "reply"), DEAD)
def test_A3_an_answer_that_speaks_of_the_recipient_for_good_is_final(stage: str, reply: str) -> None:
    assert judged(stage, reply)


@pytest.mark.parametrize(("stage", "reply"), WAITING)
def test_A3_every_other_answer_lets_the_mail_wait(stage: str, reply: str) -> None:
    assert not judged(stage, reply)


def sender_to(database, server: ScriptedServer) -> MailSender:
    return MailSender(
        database.worker_engine, mail_server(server.url), Sender("no-reply@cvms.example", "https://cvms.example")
    )


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("mail", "530 5.7.0 sign in first"),
        ("mail", "550 5.1.1 no such user"),
        ("rcpt", "550 5.7.1 client blocked"),
        ("rcpt", "552 5.2.2 over quota"),
        ("rcpt", "500 disk is full"),
        ("data", "503 bad sequence"),
        ("body", "554 5.7.1 relay denied"),
        ("body", "552 message too big"),
    ],
)
def test_A3_a_mail_that_waits_keeps_its_link_alarms_the_operator_and_goes_out_later(database, stage, reply):
    queued = queue(database)
    with ScriptedServer({stage: reply}) as server:
        for _ in range(3):
            send_all(sender_to(database, server))
            wait_over(database)
    waiting = message(database, queued)
    assert (waiting.status, waiting.attempts) == (MessageStatus.WAITING, 3)
    assert waiting.sealed is not None
    with transaction(database.app_engine) as session:
        assert read_figures(session).messages_refused == 1
        (shown,) = unsent_messages(session)
    assert (shown.refused, shown.link_lost, str(shown.reply_code)) == (True, False, reply[:3])
    with ScriptedServer({}) as server:
        send_all(sender_to(database, server))
        assert b"TOKEN-OF-THE-TEST" in server.taken[0].replace(b"=\r\n", b"")
    with transaction(database.app_engine) as session:
        assert read_figures(session).messages_refused == 0


@pytest.mark.parametrize(("stage", "reply"), [case for case in DEAD if case[0] != "data"][::4])
def test_A3_a_dead_address_is_given_up_at_once(database, stage, reply):
    queued = queue(database)
    with ScriptedServer({stage: reply}) as server:
        send_all(sender_to(database, server))
    given_up = message(database, queued)
    assert (given_up.status, given_up.sealed) == (MessageStatus.UNDELIVERABLE, None)
    assert log(database, queued) == [(1, "refused", int(reply[:3]))]


@pytest.mark.parametrize("reply", ["500 disk is full", "552 5.3.1 system full", "554 5.7.1 blocked", "451 local error"])
def test_O7_a_full_disk_at_the_mail_server_makes_no_mail_undeliverable(database, reply):
    queued = [queue(database, f"p{number}@blueridge.example") for number in range(12)]
    with ScriptedServer({"body": reply}) as server:
        send_all(sender_to(database, server))
    assert {message(database, each).status for each in queued} == {MessageStatus.WAITING}
    assert all(message(database, each).sealed for each in queued)


@pytest.mark.parametrize("reply", ["421 closing", "554 no mail from you", "521 no mail here", "450 busy"])
def test_A3_a_server_that_refuses_the_connection_costs_no_try(database, reply):
    queued = queue(database)
    with ScriptedServer({"connect": reply}) as server, pytest.raises(MailServerDown):
        sender_to(database, server).send_due()
    assert message(database, queued).attempts == 0


def test_A3_the_operator_can_have_a_refused_mail_tried_at_once(database):
    queued = queue(database)
    with ScriptedServer({"rcpt": "550 5.7.1 blocked"}) as server:
        send_all(sender_to(database, server))
    with transaction(database.app_engine) as session:
        retry_message(Act(session, SYSTEM, "retry"), message_id=queued)
    with ScriptedServer({}) as server:
        send_all(sender_to(database, server))
    assert message(database, queued).status == MessageStatus.SENT
