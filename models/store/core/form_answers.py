"""The answers given to forms: the same form pressed twice has one effect and one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.sealing import open_text, seal_text
from models.domain.core.actors import NOBODY
from models.domain.core.violations import RuleViolation
from models.postgres.write_behind import write_later
from models.queries.core.statements import ask
from models.tables.core.audit import AuditRow
from models.tables.core.form_answers import FormAnswer

KEPT = timedelta(days=30)
"""How long a form that is pressed again gets its first answer."""
MOST_ACTS = 50
"""How often one and the same page of a form may be sent with other answers."""

_COLUMNS = ("actor_id", "route", "key", "request_hash", "status_code", "location")
_UNUSED = ~exists().where(AuditRow.cause_key == bindparam("key"))
_NEW = select(*(bindparam(name, type_=getattr(FormAnswer, name).type) for name in _COLUMNS)).where(_UNUSED)
_CLAIM = insert(FormAnswer).from_select(_COLUMNS, _NEW).on_conflict_do_nothing().returning(FormAnswer.key)
_STORE = (
    update(FormAnswer)
    .where(
        FormAnswer.actor_id == bindparam("of_actor"),
        FormAnswer.route == bindparam("of_route"),
        FormAnswer.key == bindparam("of_key"),
    )
    .values(answered_at=func.clock_timestamp())
)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a form was answered with: a redirect."""

    status_code: int
    location: str


@dataclass(frozen=True, slots=True)
class Claim:
    """`key` is the cause of the act, `given` its answer where it was done before.

    `version` is that at which the last act of this very page has left the row.
    """

    key: str
    given: GivenAnswer | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Before:
    """An act under the same token; `over` when it was answered before this request began."""

    request_hash: str
    answer: GivenAnswer
    version: int | None
    over: bool


def claim_key(session: Session, *, actor_id: UUID | None, route: str, key: str, request_hash: str) -> Claim:
    """Whether this is the first with the form's token and these answers, or the answer given before.

    A concurrent transaction with the same token waits here for the other's end. The same token with other
    answers is another act (the browser's Back, then a correction), with a key of its own. Answers that were
    sent, then others, then the first ones again, are a third act: what was sent last counts. Refused:
    `key_reused` when one page was sent too often, or where somebody else, or another form, had an effect under the key.
    """
    actor = actor_id or NOBODY
    values = {"actor_id": actor, "route": route, "request_hash": request_hash, "status_code": 0, "location": ""}
    if ask(session, _CLAIM, values | {"key": key}).one_or_none() is not None:
        return Claim(key)
    keys = [key, *(f"{key}.{number}" for number in range(1, MOST_ACTS))]
    while True:
        found = _before(session, actor, route, keys)
        if not found:
            raise RuleViolation("key_reused", "This form was already sent by somebody else.")
        before = list(found.values())
        same = _still_counts(before, request_hash)
        if same is not None:
            return Claim(key, same.answer)
        fresh = next((key for key in keys if key not in found), None)
        if fresh is None:
            raise RuleViolation("key_reused", "This form was already sent too often.")
        if ask(session, _CLAIM, values | {"key": fresh}).one_or_none() is not None:
            return Claim(fresh, version=max((one.version for one in before if one.version is not None), default=None))


def store_answer(
    session: Session,
    *,
    actor_id: UUID | None,
    route: str,
    key: str,
    answer: GivenAnswer,
    version: int | None = None,
) -> None:
    """Keep the answer, and the version at which the act left its row, in the transaction of the effect.

    It is sealed, since an address may hold the token of a link.
    """
    which = {"of_actor": actor_id or NOBODY, "of_route": route, "of_key": key}
    stored = {"status_code": answer.status_code, "location": seal_text(answer.location), "version": version}
    write_later(session, _STORE, which | stored)


def sweep_answers(session: Session) -> int:
    """Forget answers older than 30 days; the worker does this now and then."""
    old = FormAnswer.created_at < func.db_now() - KEPT
    return len(session.execute(delete(FormAnswer).where(old).returning(FormAnswer.key)).all())


def _before(session: Session, actor: UUID, route: str, keys: Sequence[str]) -> dict[str, _Before]:
    """The acts of one page so far by their keys, in their order."""
    over = func.coalesce(FormAnswer.answered_at < func.now(), True)
    asked = select(FormAnswer, over).where(
        FormAnswer.actor_id == actor, FormAnswer.route == route, FormAnswer.key.in_(keys)
    )
    found = {
        row.key: _Before(
            row.request_hash,
            _answer(row),
            row.version,
            is_over,
        )
        for row, is_over in session.execute(asked, execution_options={"populate_existing": True})
    }
    return {key: found[key] for key in keys if key in found}


def _still_counts(before: Sequence[_Before], request_hash: str) -> _Before | None:
    """The last act with these answers, unless other answers were taken after it and before this request began."""
    for one in reversed(before):
        if one.request_hash == request_hash:
            return one
        if one.over:
            return None
    return None


def _answer(row: FormAnswer) -> GivenAnswer:
    """What the row holds; an act that is not answered yet leads nowhere."""
    return GivenAnswer(row.status_code, open_text(row.location) if row.location else "")
