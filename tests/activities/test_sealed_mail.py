"""A mail whose sealed link does not open (the installation's secret was changed) waits, and holds up nobody else."""

from __future__ import annotations

from uuid import uuid4

from models.database import transaction
from models.domain.actors import SYSTEM
from models.sealing import Vault
from models.store.messages import queue_message
from models.tables.messages import Message, MessageStatus


def queue(database, address: str) -> None:
    with transaction(database.app_engine) as session:
        queue_message(
            session,
            template="password_reset",
            to_address=address,
            language="en",
            params={"name": "Ana Ruiz"},
            secret_params={"path": "/account/reset/TOKEN-OF-THE-TEST"},
            cause_key=uuid4().hex,
            by=SYSTEM,
        )


def test_a_mail_that_was_sealed_under_another_secret_waits_and_stops_nobody_else(database, sink, sender):
    queue(database, "ana@blueridge.example")
    with transaction(database.worker_engine) as session:
        lost = session.query(Message).one()
        lost.sealed = Vault("a secret that this installation had before").seal(b"{}")
    queue(database, "ben@blueridge.example")
    while sender.send_due():
        pass
    assert [mail["To"] for mail in sink.mails] == ["ben@blueridge.example"]
    with transaction(database.worker_engine) as session:
        kept = session.get_one(Message, lost.id)
        assert (kept.status, kept.attempts) == (MessageStatus.WAITING, 1)
        assert kept.next_attempt_at > kept.created_at
