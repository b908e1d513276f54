"""The post office of the mail scenarios: a queue in a database, a mail server that does harm, and a clock to move."""

from __future__ import annotations

from collections import Counter
from typing import Self
from uuid import UUID

from sqlalchemy import select, text

from activities.core.loops.mail_sender import MailSender
from activities.core.mail_rendering import Sender
from activities.core.mail_server import mail_server
from models.postgres.database import transaction
from models.queries.operations.invariants import check_invariants
from models.tables.core.messages import DeliveryAttempt, Message
from tests.activities.mail_sink import MailSink
from tests.database import Database
from tests.faults.proxy import Proxy
from tests.mail import queue_mail

SECRET = "a-secret-of-the-mail-faults-that-is-long-enough"
IN_ONE_TRANSACTION = 100


class Post:
    """A sink behind a proxy, a sender of our own, and the queue. A context manager starts and stops sink and proxy."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sink = MailSink()
        self.seconds = 0

    def __enter__(self) -> Self:
        self.sink.up()
        self.proxy = Proxy(self.sink.port)
        self.proxy.__enter__()
        self.url = f"smtp://127.0.0.1:{self.proxy.port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.__exit__()
        self.sink.close()

    def sender(self) -> MailSender:
        """A sender as the worker has one."""
        sender = Sender("no-reply@cvms.example", "https://cvms.example")
        return MailSender(self.database.worker_engine, mail_server(self.url), sender)

    def queue(self, *addresses: str) -> list[UUID]:
        """A mail to each address, a hundred in a transaction."""
        queued: list[UUID] = []
        for start in range(0, len(addresses), IN_ONE_TRANSACTION):
            with transaction(self.database.app_engine) as session:
                queued += [queue_mail(session, address) for address in addresses[start : start + IN_ONE_TRANSACTION]]
        return queued

    def pass_time(self, seconds: int) -> None:
        """Move the database's time on."""
        self.seconds += seconds
        self.database.shift_clock(f"{self.seconds} seconds")

    def states(self) -> Counter[str]:
        """How many messages are in which state."""
        with transaction(self.database.owner_engine) as session:
            return Counter(session.execute(select(Message.status)).scalars())

    def message(self, message_id: UUID) -> Message:
        with transaction(self.database.owner_engine) as session:
            return session.get_one(Message, message_id)

    def log(self, message_id: UUID) -> list[tuple[str, int | None]]:
        """Outcome and reply code of every try."""
        statement = select(DeliveryAttempt).where(DeliveryAttempt.message_id == message_id)
        with transaction(self.database.owner_engine) as session:
            rows = session.execute(statement.order_by(DeliveryAttempt.attempt)).scalars().all()
        return [(row.outcome, row.reply_code) for row in rows]

    def seconds_to_next_try(self, message_id: UUID) -> float:
        with self.database.owner_engine.connect() as connection:
            wait = text("SELECT extract(epoch FROM next_attempt_at - db_now()) FROM messages WHERE id = :id")
            return float(connection.execute(wait, {"id": message_id}).scalar_one())

    def copies(self) -> Counter[str]:
        """How often the sink took each Message-ID over."""
        return Counter(str(mail["Message-ID"]) for mail in self.sink.mails)

    def broken_invariants(self) -> list[str]:
        """I12 and all others. What has no seal is for the sealer, which does not run here."""
        with transaction(self.database.owner_engine) as session:
            found = check_invariants(session)
        return [f"{each.id} {each.says}: {each.violations}" for each in found if each.violations and each.id != "I14"]
