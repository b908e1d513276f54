"""A mail to be sent, and the fixtures `sink` (keeps what it takes) and `sender` (the loop that hands mails over)."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from activities.core.loops.mail_sender import MailSender
from activities.core.mail_rendering import Sender
from activities.core.mail_server import mail_server
from models.domain.core.actors import SYSTEM
from models.store.core.act import Act
from models.store.core.mail.messages import queue_message
from tests.activities.mail_sink import MailSink
from tests.database import Database


@pytest.fixture
def sink() -> Iterator[MailSink]:
    made = MailSink()
    made.up()
    yield made
    made.close()


@pytest.fixture
def sender(database: Database, sink: MailSink) -> MailSender:
    return MailSender(
        database.worker_engine, mail_server(sink.url), Sender("no-reply@cvms.example", "https://cvms.example")
    )


def queue_mail(session: Session, to: str, language: str = "en") -> UUID:
    """A mail with a sealed link in it, of a cause of its own."""
    queued = queue_message(
        Act(session, SYSTEM, uuid4().hex),
        template="password_reset",
        to_address=to,
        language=language,
        params={"name": "Ana Ruiz"},
        secret_params={"path": "/account/reset/TOKEN-OF-THE-TEST"},
    )
    assert queued is not None
    return queued
