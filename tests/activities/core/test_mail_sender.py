"""Handing mails over: refused, refused for good, broken off, the server away, the worker killed in between."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from activities.core.loops.mail_sender import WAITS, MailSender, wait_after
from activities.core.loops.sender_lock import sending_turn
from activities.core.mail_server import MailServerDown, mail_server
from models.postgres.database import transaction
from models.store.core.mail.messages import take_messages
from models.tables.core.messages import DeliveryAttempt, Message, MessageStatus
from tests.database import Database
from tests.mail import queue_mail

CUT_OFF_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
 WHERE locktype = 'advisory' AND datname = current_database()
"""


def queue(database: Database, to: str = "ana@blueridge.example", language: str = "en") -> UUID:
    with transaction(database.app_engine) as session:
        return queue_mail(session, to, language)


def message(database: Database, message_id: UUID) -> Message:
    with transaction(database.app_engine) as session:
        return session.get_one(Message, message_id)


def log(database: Database, message_id: UUID) -> list[tuple[int, str, int | None]]:
    statement = select(DeliveryAttempt).where(DeliveryAttempt.message_id == message_id)
    with transaction(database.worker_engine) as session:
        rows = session.execute(statement.order_by(DeliveryAttempt.attempt)).scalars().all()
    return [(row.attempt, row.outcome, row.reply_code) for row in rows]


def wait_over(database: Database) -> None:
    """Let every wait and every lease be over."""
    with transaction(database.worker_engine) as session:
        session.execute(update(Message).values(next_attempt_at=Message.created_at - timedelta(seconds=1)))


def send_all(sender: MailSender) -> None:
    while sender.send_due():
        pass


def test_a_mail_is_handed_over_once_and_its_secret_is_wiped(database, sink, sender):
    queued = queue(database)
    send_all(sender)
    wait_over(database)
    send_all(sender)
    assert [mail["To"] for mail in sink.mails] == ["ana@blueridge.example"]
    assert "https://cvms.example/account/reset/TOKEN-OF-THE-TEST" in sink.mails[0].get_body(("plain",)).get_content()
    kept = message(database, queued)
    assert (kept.status, kept.sealed, kept.attempts) == (MessageStatus.SENT, None, 1)
    assert log(database, queued) == [(1, "sent", 250)]


def test_many_mails_share_a_connection(database, sink, sender):
    for number in range(9):
        queue(database, f"p{number}@blueridge.example")
    send_all(sender)
    assert (len(sink.mails), sink.connections) == (9, 1)


def test_a_server_that_is_away_costs_no_try(database, sink, sender):
    queued = queue(database)
    sink.down()
    for _ in range(3):
        with pytest.raises(MailServerDown):
            sender.send_due()
    assert message(database, queued).attempts == 0
    sink.up()
    send_all(sender)
    assert len(sink.mails) == 1


def test_with_nothing_to_send_nobody_is_called(database, sink, sender):
    assert not sender.send_due()
    assert sink.connections == 0


def test_a_temporary_refusal_waits_and_goes_out_later(database, sink, sender):
    queued = queue(database)
    sink.on_rcpt = lambda _address: "451 try later"
    send_all(sender)
    waiting = message(database, queued)
    assert waiting.status == MessageStatus.WAITING
    assert waiting.sealed is not None
    assert waiting.next_attempt_at > waiting.created_at + timedelta(seconds=4)
    sink.on_rcpt = lambda _address: "250 OK"
    wait_over(database)
    send_all(sender)
    assert log(database, queued) == [(1, "failed", 451), (2, "sent", 250)]


def test_an_unknown_address_is_undeliverable_and_stops_nobody_else(database, sink, sender):
    gone, fine = queue(database, "gone@blueridge.example"), queue(database, "fine@blueridge.example")
    sink.on_rcpt = lambda address: "550 no such user" if address.startswith("gone") else "250 OK"
    send_all(sender)
    assert message(database, gone).status == MessageStatus.UNDELIVERABLE
    assert message(database, gone).sealed is None
    assert message(database, fine).status == MessageStatus.SENT
    assert log(database, gone) == [(1, "refused", 550)]


def test_a_content_that_is_refused_waits_and_stops_nobody_else(database, sink, sender):
    refused, fine = queue(database, "big@blueridge.example"), queue(database, "fine@blueridge.example")
    sink.on_data = lambda mail: "552 too big" if str(mail["To"]).startswith("big") else "250 OK"
    send_all(sender)
    assert message(database, refused).status == MessageStatus.WAITING
    assert log(database, refused) == [(1, "failed", 552)]
    assert message(database, fine).status == MessageStatus.SENT


@pytest.mark.parametrize(
    "address",
    ["no address", "", "a@", "@b.example", "ana@blueridge.example\r\nBcc: eve@evil.example", "añña@x.example"],
)
def test_what_is_no_address_is_undeliverable(database, sink, sender, address):
    queued = queue(database, address)
    send_all(sender)
    assert message(database, queued).status == MessageStatus.UNDELIVERABLE
    assert sink.mails == []


def test_a_reply_that_is_lost_leads_to_the_same_message_id(database, sink, sender):
    """Taken over, but the answer never came: handed over again, and the receiver can see that it is the same."""
    queued = queue(database)
    sink.drop_after_data = True
    send_all(sender)
    assert message(database, queued).status == MessageStatus.WAITING
    wait_over(database)
    send_all(sender)
    assert len(sink.mails) == 2
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


def test_a_broken_connection_gives_the_rest_back_soon(database, sink, sender):
    for number in range(3):
        queue(database, f"p{number}@blueridge.example")
    sink.drop_after_data = True
    send_all(sender)
    wait_over(database)
    send_all(sender)
    assert len({mail["To"] for mail in sink.mails}) == 3


def test_killed_between_hand_over_and_note_it_is_sent_again_at_once(database, sink, sender, monkeypatch):
    queued = queue(database)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sender, "_note", killed)
        with pytest.raises(Killed):
            sender.send_due()
    assert message(database, queued).status == MessageStatus.SENDING
    send_all(sender)
    assert len(sink.mails) == 2
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1
    assert message(database, queued).status == MessageStatus.SENT


def test_what_a_living_sender_has_in_hand_is_left_to_it_until_its_lease_ends(database, sink, sender):
    queued = queue(database)
    with sending_turn(database.worker_engine):
        with transaction(database.worker_engine) as session:
            assert [each.id for each in take_messages(session, limit=10)] == [queued]
        send_all(sender)
        assert sink.mails == []
        wait_over(database)
        send_all(sender)
        assert len(sink.mails) == 1


def test_a_turn_ends_with_the_connection_of_its_sender(database, sink, sender):
    queue(database)
    with sending_turn(database.worker_engine):
        with transaction(database.worker_engine) as session:
            take_messages(session, limit=10)
        with transaction(database.worker_engine) as session:
            session.execute(text(CUT_OFF_HOLDERS))
        send_all(sender)
        assert len(sink.mails) == 1


def test_two_senders_never_hand_over_the_same_mail(database, sink, sender):
    from concurrent.futures import ThreadPoolExecutor

    for number in range(20):
        queue(database, f"p{number}@blueridge.example")
    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(send_all, sender) for _ in range(2)]:
            each.result()
    assert sorted(mail["To"] for mail in sink.mails) == sorted(f"p{number}@blueridge.example" for number in range(20))


def test_waits_grow_from_seconds_to_a_day():
    assert [wait_after(attempts).total_seconds() for attempts in (1, 2, 3)] == [5, 15, 60]
    assert list(WAITS) == sorted(WAITS)
    assert wait_after(1000) == timedelta(hours=24)


@pytest.mark.parametrize("url", ["http://x", "smtp://", "x", ""])
def test_an_address_of_no_mail_server_is_refused(url):
    with pytest.raises(ValueError, match="CVMS_SMTP_URL"):
        mail_server(url)


def test_the_address_of_a_mail_server_is_understood():
    server = mail_server("smtp+starttls://us%40er:p%3Aw@mail.example?from=cvms@mail.example")
    assert (server.scheme, server.host, server.port) == ("smtp+starttls", "mail.example", 587)
    assert (server.user, server.password, server.sender) == ("us@er", "p:w", "cvms@mail.example")
