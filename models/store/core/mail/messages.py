"""Messages to people: queued in the transaction that causes them, handed over by the sender's loop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.sealing import hash_token, vault
from models.domain.core.mail.messages import MessageStatus
from models.domain.core.violations import RuleViolation
from models.queries.core.mail.messages import UNSENT, needs_link
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.clock import db_now
from models.tables.core.messages import DeliveryAttempt, Message

MESSAGE_CHANNEL = "cvms_messages"
LEASE = timedelta(seconds=60)
"""How long one sender may hold a message before another may try; a dead one's are put back sooner (`sending_turn`)."""


def queue_message(
    act: Act,
    *,
    template: str,
    to_address: str,
    language: str,
    params: Mapping[str, str],
    secret_params: Mapping[str, str] | None = None,
    account_id: UUID | None = None,
    org_id: UUID | None = None,
    entity_id: UUID | None = None,
) -> UUID | None:
    """Queue a mail once per cause, template and address; None when it was queued before.

    `params` hold no secret and no health data; `secret_params` (a path with a token) are sealed, and
    wiped at hand-over.
    """
    sealed = vault().seal(json.dumps(dict(secret_params)).encode()) if secret_params else None
    own_key = f"{act.cause_key}/{template}/{hash_token(to_address)[:16]}"
    statement = (
        insert(Message)
        .values(
            template=template,
            to_address=to_address,
            language=language,
            params=dict(params),
            sealed=sealed,
            cause_key=own_key,
            account_id=account_id,
            org_id=org_id,
            entity_id=entity_id,
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )
    message_id = act.session.execute(statement).scalar_one_or_none()
    if message_id is not None:
        record(
            act.because(own_key),
            action="message.queue",
            object_type="message",
            object_id=message_id,
            org_id=org_id,
            detail={"template": template},
        )
        act.session.execute(select(func.pg_notify(MESSAGE_CHANNEL, "")))
    return message_id


def take_messages(session: Session, *, limit: int) -> list[Message]:
    """Lease the oldest messages that are due; another sender passes over them until the lease ends."""
    now = db_now(session)
    statement = (
        select(Message)
        .where(Message.status.in_(UNSENT), Message.next_attempt_at <= now)
        .order_by(Message.next_attempt_at, Message.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    messages = list(session.execute(statement).scalars())
    for message in messages:
        message.status, message.next_attempt_at = MessageStatus.SENDING, now + LEASE
        message.attempts += 1
    return messages


def put_back_orphans(session: Session) -> None:
    """Let every message that is marked as in somebody's hand be due now; its tries stay counted."""
    session.execute(
        update(Message)
        .where(Message.status == MessageStatus.SENDING, Message.next_attempt_at > func.db_now())
        .values(next_attempt_at=func.db_now())
        .execution_options(synchronize_session=False)
    )


def mark_sent(session: Session, *, message_id: UUID, reply_code: int, reply: str) -> None:
    """Note that the mail server took the message over, and wipe what was secret in it."""
    message = session.get_one(Message, message_id, with_for_update=True)
    message.status, message.handed_over_at, message.sealed = (
        MessageStatus.SENT,
        db_now(session),
        None,
    )
    _log(session, message, "sent", reply_code, reply)


def mark_failed(
    session: Session,
    *,
    message_id: UUID,
    reply_code: int | None,
    reply: str,
    retry_in: timedelta | None,
) -> None:
    """Note a failed try; `retry_in` None means that the address will never take it."""
    message = session.get_one(Message, message_id, with_for_update=True)
    if retry_in is None:
        message.status, message.sealed = MessageStatus.UNDELIVERABLE, None
    else:
        message.status, message.next_attempt_at = (
            MessageStatus.WAITING,
            db_now(session) + retry_in,
        )
    _log(session, message, "refused" if retry_in is None else "failed", reply_code, reply)


def retry_message(act: Act, *, message_id: UUID) -> None:
    """Have the sender try again at once what waits, was held or was given up.

    Refused (`message_sent`) when it was handed over, and (`message_link_lost`) when it was given up with a
    link in it: the link was wiped, and a fresh one is sent from where it was asked for.
    """
    message = act.session.get_one(Message, message_id, with_for_update=True)
    if message.status == MessageStatus.SENT:
        raise RuleViolation("message_sent", "This message was just sent.")
    if message.sealed is None and "path" not in message.params and needs_link(message.template):
        raise RuleViolation("message_link_lost", "The link in this message has ended. Send a new one.")
    message.status, message.next_attempt_at = MessageStatus.WAITING, db_now(act.session)
    record(act, action="message.retry", object_type="message", object_id=message_id, org_id=message.org_id)
    act.session.execute(select(func.pg_notify(MESSAGE_CHANNEL, "")))


def open_secrets(message: Message) -> dict[str, str]:
    """The sealed parameters of a message, for the moment of hand-over."""
    return dict(json.loads(vault().open(message.sealed))) if message.sealed else {}


def _log(session: Session, message: Message, outcome: str, reply_code: int | None, reply: str) -> None:
    statement = insert(DeliveryAttempt).values(
        message_id=message.id,
        attempt=message.attempts,
        outcome=outcome,
        reply_code=reply_code,
        reply=reply[:500],
    )
    session.execute(statement.on_conflict_do_nothing())
