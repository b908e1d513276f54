"""The fixtures `sink` and `sender`: a mail server that keeps what it takes, and the loop that hands mails over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from activities.loops.mail_sender import MailSender
from activities.mail_rendering import Sender
from activities.mail_server import mail_server
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
