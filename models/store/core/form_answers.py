"""The answers given to forms: the same form pressed twice has one effect and one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.sealing import open_text, seal_text
from models.domain.core.actors import NOBODY
from models.domain.core.violations import RuleViolation
from models.queries.core.statements import ask
from models.tables.core.audit import AuditRow
from models.tables.core.form_answers import FormAnswer

KEPT = timedelta(days=30)
"""How long a form that is pressed again gets its first answer."""

_COLUMNS = ("actor_id", "route", "key", "request_hash", "status_code", "location")
_UNUSED = ~exists().where(AuditRow.cause_key == bindparam("key"))
_NEW = select(*(bindparam(name, type_=getattr(FormAnswer, name).type) for name in _COLUMNS)).where(_UNUSED)
_CLAIM = insert(FormAnswer).from_select(_COLUMNS, _NEW).on_conflict_do_nothing().returning(FormAnswer.key)
_STORE = update(FormAnswer).where(
    FormAnswer.actor_id == bindparam("of_actor"),
    FormAnswer.route == bindparam("of_route"),
    FormAnswer.key == bindparam("of_key"),
)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a form was answered with: a redirect."""

    status_code: int
    location: str


def claim_key(
    session: Session, *, actor_id: UUID | None, route: str, key: str, request_hash: str
) -> GivenAnswer | None:
    """None when this transaction is the first with the key, else the answer given before.

    A concurrent transaction with the same key waits here for the other's end. The same key with another
    body is refused (`key_reused`), and so is a key under which somebody else, or another form, had an effect.
    """
    actor = actor_id or NOBODY
    values = {"actor_id": actor, "route": route, "key": key, "request_hash": request_hash}
    if ask(session, _CLAIM, values | {"status_code": 0, "location": ""}).one_or_none() is not None:
        return None
    given = session.execute(
        select(FormAnswer).where(
            FormAnswer.actor_id == actor,
            FormAnswer.route == route,
            FormAnswer.key == key,
        )
    ).scalar_one_or_none()
    if given is None or given.request_hash != request_hash:
        raise RuleViolation("key_reused", "This form was already sent with other answers.")
    return GivenAnswer(given.status_code, open_text(given.location))


def store_answer(
    session: Session,
    *,
    actor_id: UUID | None,
    route: str,
    key: str,
    answer: GivenAnswer,
) -> None:
    """Keep the answer, in the transaction of the effect; sealed, since an address may hold the token of a link."""
    values = {"of_actor": actor_id or NOBODY, "of_route": route, "of_key": key}
    ask(session, _STORE, values | {"status_code": answer.status_code, "location": seal_text(answer.location)})


def sweep_answers(session: Session) -> int:
    """Forget answers older than 30 days; the worker does this now and then."""
    old = FormAnswer.created_at < func.db_now() - KEPT
    return len(session.execute(delete(FormAnswer).where(old).returning(FormAnswer.key)).all())
