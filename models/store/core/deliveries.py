"""Telling a process that a mail about its entity will never arrive, so that it can turn to somebody else."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import SYSTEM
from models.domain.core.processes import ProcessEventKind
from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.processes import publish
from models.tables.core.messages import Message
from models.tables.core.processes import Process


def tell_undeliverable(session: Session, *, message_id: UUID) -> None:
    """Tell every open process about what a message is about. Comes last in the transaction.

    One that ends in the same moment needs no telling: nobody is asked for anything any more.
    """
    statement = (
        select(Process.id)
        .join(Message, Message.entity_id == Process.entity_id)
        .where(Message.id == message_id, Process.open)
        .order_by(Process.id)
    )
    for process_id in session.execute(statement).scalars().all():
        with suppress(RuleViolation):
            publish(
                Act(session, SYSTEM, f"message/{message_id}/undeliverable"),
                process_id=process_id,
                news=ProcessEventKind.MAIL_UNDELIVERABLE,
            )
