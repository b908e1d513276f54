"""Hands queued mails over to the mail server; what fails waits and is tried again, longer each time."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from activities.core.loops.loop import Loop
from activities.core.loops.sender_lock import sending_turn
from activities.core.mail_rendering import Envelope, Sender, UnmailableAddress, render
from activities.core.mail_server import MailServer, Reply, connected, hand_over, mail_server
from models.domain.core.agency import Agency
from models.postgres.database import transaction
from models.queries.core.agency import read_agency
from models.queries.core.mail.messages import anything_to_send, anything_unsent
from models.store.core.deliveries import tell_undeliverable
from models.store.core.mail.messages import LEASE, mark_failed, mark_sent, open_secrets, take_messages
from models.tables.core.messages import Message

log = structlog.get_logger(__name__)

POLL_EVERY = 1.0
BATCH = 10
LONGEST_REST = 15.0
"""How long the sender rests at most between two tries while the mail server is down, in seconds."""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600))
"""How long a message waits after its first, second … failed try; the last one for every later try."""


def wait_after(attempts: int) -> timedelta:
    """The wait after so many failed tries."""
    return WAITS[min(max(attempts, 1), len(WAITS)) - 1]


class MailSender:
    """Connects first and leases messages then, so an outage costs no message a try."""

    def __init__(self, engine: Engine, server: MailServer, sender: Sender) -> None:
        self._engine, self._server, self._sender = engine, server, sender

    def send_due(self) -> bool:
        """Hand over what is due; True when more may wait. Raises `MailServerDown`."""
        if not self._is_there(anything_unsent):
            return False
        with sending_turn(self._engine):
            if not self._is_there(anything_to_send):
                return False
            with connected(self._server) as smtp:
                return self._send_batch(smtp)

    def _is_there(self, anything: Callable[[Session], bool]) -> bool:
        with transaction(self._engine) as session:
            return anything(session)

    def _send_batch(self, smtp: smtplib.SMTP) -> bool:
        with transaction(self._engine) as session:
            messages = take_messages(session, limit=BATCH)
            taken = _opened(session, messages)
            agency = _agency(session) if self._sender.production else None
        started = time.monotonic()
        for number, (attempts, envelope) in enumerate(taken):
            # A lease that is nearly over is left alone: the rest comes back to whoever is next.
            if time.monotonic() - started > LEASE.total_seconds() / 3:
                break
            if not self._send(smtp, envelope, attempts, agency):
                self._give_back(taken[number + 1 :])
                break
        return len(messages) == BATCH

    def _send(self, smtp: smtplib.SMTP, envelope: Envelope, attempts: int, agency: Agency | None) -> bool:
        """Hand one over and note how it went; False when the connection is of no more use."""
        try:
            mail = render(envelope, self._sender, agency)
        except UnmailableAddress:
            self._note(envelope, Reply(False, None, "not an address", for_good=True), attempts)
            return True
        except (KeyError, ValueError):
            log.exception("mail cannot be written", template=envelope.template)
            self._note(envelope, Reply(False, None, "the template and its values do not match"), attempts)
            return True
        reply = hand_over(smtp, mail)
        self._note(envelope, reply, attempts)
        return reply.for_good or reply.code not in (None, 421)

    def _note(self, envelope: Envelope, reply: Reply, attempts: int) -> None:
        with transaction(self._engine) as session:
            if reply.accepted:
                mark_sent(session, message_id=envelope.message_id, reply_code=250, reply=reply.text)
                return
            retry_in = None if reply.for_good else wait_after(attempts)
            _mark_failed(session, envelope, reply, retry_in)
            if reply.for_good:
                session.flush()
                tell_undeliverable(session, message_id=envelope.message_id)
        log.warning("mail not handed over", message=str(envelope.message_id), code=reply.code)

    def _give_back(self, rest: list[tuple[int, Envelope]]) -> None:
        broken = Reply(False, None, "not tried: the connection broke")
        for _, envelope in rest:
            with transaction(self._engine) as session:
                _mark_failed(session, envelope, broken, WAITS[0])


def _mark_failed(session: Session, envelope: Envelope, reply: Reply, retry_in: timedelta | None) -> None:
    mark_failed(session, message_id=envelope.message_id, reply_code=reply.code, reply=reply.text, retry_in=retry_in)


def _opened(session: Session, messages: Iterable[Message]) -> list[tuple[int, Envelope]]:
    """The tries and the envelope of each whose secrets open; the others wait for theirs and hold up nobody."""
    opened = []
    for message in messages:
        try:
            opened.append((message.attempts, _envelope(message)))
        except InvalidTag:
            log.exception("mail was sealed under another secret", message=str(message.id))
            mark_failed(
                session,
                message_id=message.id,
                reply_code=None,
                reply="sealed under another secret",
                retry_in=wait_after(message.attempts),
            )
    return opened


def _agency(session: Session) -> Agency:
    """Whose mail it is, as the settings name it now."""
    return read_agency(session, session.execute(select(func.db_now())).scalar_one())


def _envelope(message: Message) -> Envelope:
    return Envelope(
        message_id=message.id,
        template=message.template,
        to_address=message.to_address,
        language=message.language,
        params=message.params,
        secrets=open_secrets(message),
        written_at=message.created_at,
    )


def mail_sender(engine: Engine, *, smtp_url: str, public_url: str, production: bool = False) -> Loop:
    """The loop that sends, over two connections at a time; wake it when a message was queued.

    Outside `production` mails come from the invented agency of a demo.
    """
    server = mail_server(smtp_url)
    address = server.sender or f"no-reply@{urlsplit(public_url).hostname or 'localhost'}"
    sender = MailSender(engine, server, Sender(address, public_url.rstrip("/"), production))
    return Loop("mail sender", sender.send_due, every=POLL_EVERY, longest_rest=LONGEST_REST)
