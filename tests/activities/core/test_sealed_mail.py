"""A mail whose sealed link does not open (the installation's secret was changed) waits, and holds up nobody else."""

from __future__ import annotations

from models.crypto.sealing import Vault
from models.postgres.database import transaction
from models.tables.core.messages import Message, MessageStatus
from tests.mail import queue_mail


def test_a_mail_that_was_sealed_under_another_secret_waits_and_stops_nobody_else(database, sink, sender):
    with transaction(database.app_engine) as session:
        queue_mail(session, "ana@blueridge.example")
        lost = session.query(Message).one()
        lost.sealed = Vault("a secret that this installation had before").seal(b"{}")
        queue_mail(session, "ben@blueridge.example")
    while sender.send_due():
        pass
    assert [mail["To"] for mail in sink.mails] == ["ben@blueridge.example"]
    with transaction(database.worker_engine) as session:
        kept = session.get_one(Message, lost.id)
        assert (kept.status, kept.attempts) == (MessageStatus.WAITING, 1)
        assert kept.next_attempt_at > kept.created_at
