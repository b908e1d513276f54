"""Judging an answer: its status against the verdict, its page against every other refusal's, the facts behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, func, select, text
from werkzeug.test import TestResponse

from models.postgres.database import transaction
from models.tables.core.audit import AuditRow
from tests.authorization.cells import Cell
from tests.authorization.oracle import Verdict
from tests.authorization.visits import Visitor
from tests.database import Database
from tests.webapp.accounts import TOKEN

CHANGES_BY_ITSELF = re.compile(r'data-(csrf|seconds-left)="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')
NOT_FACTS = frozenset({"audit", "audit_seals", "sessions", "attempts", "alembic_version"})
"""What a refusal may write: that it happened."""
PLACES = {
    Verdict.SIGN_IN: "/sign-in",
    Verdict.SECOND_FACTOR: "/account/second-factor",
    Verdict.CONFIRM: "/account/confirm",
}
STATUS = {Verdict.FORBIDDEN: 403, Verdict.MISSING: 404}


def fault_of(cell: Cell, answer: TestResponse) -> str | None:
    """What is wrong with the answer, in words; None when it is as the table says."""
    if _right(cell.expected, answer):
        return None
    place = answer.headers.get("Location", "")
    return f"{cell}: {answer.status_code} {place}, and must be {cell.expected}"


def _right(expected: Verdict, answer: TestResponse) -> bool:
    if expected in STATUS:
        return answer.status_code == STATUS[expected]
    place = answer.headers.get("Location", "").partition("?")[0]
    if expected in PLACES:
        return answer.status_code in {302, 303} and place == PLACES[expected]
    led_away = place == PLACES[Verdict.CONFIRM]
    return answer.status_code not in {401, 403, 404} and answer.status_code < 500 and not led_away


def middle_of(page: str) -> str:
    """What a page says: between header and footer, which may mark where in the menu the reader is."""
    return page.partition("<main")[2].partition("</main>")[0]


def page_of(cell: Cell, answer: TestResponse) -> str:
    """The page of a refusal without what is new in every page and without the address that was asked."""
    page = TOKEN.sub("", answer.get_data(as_text=True)).replace(cell.address, "ADDRESS")
    return CHANGES_BY_ITSELF.sub("", page)


class Facts:
    """A checksum over everything that the database knows, except that somebody asked."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
        parts = [
            f"(SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM \"{name}\" t)"
            for name in names.scalars()
            if name not in NOT_FACTS
        ]
        self.statement = text("SELECT " + " || ".join(parts))

    def checksum(self) -> str:
        return str(self.connection.execute(self.statement).scalar_one())


WRITE = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO|COPY|ALTER\s+TABLE|DROP\s+TABLE"
    r"|(?<!FOR\s)(?<!FOR NO KEY\s)(?<!DO\s)UPDATE)\s+(?:ONLY\s+)?\"?(?!OF\b|SKIP\b|NOWAIT\b)(\w+)",
    re.IGNORECASE,
)
"""A statement, or a part of one, that writes rows; the table is the group."""


class Writes:
    """The tables that requests wrote rows into and committed, seen in their statements: no table is read for it."""

    def __init__(self) -> None:
        self._open: dict[Connection, set[str]] = {}
        self._kept: set[str] = set()

    def take(self, *, leave_out: frozenset[str] = NOT_FACTS) -> set[str]:
        """What was written since the last time, without that somebody asked."""
        taken, self._kept = self._kept - leave_out, set()
        return taken

    def see(self, connection: Connection, cursor: Any, statement: str, *_rest: object) -> None:
        """A statement that found no row to write has written nothing; without a transaction it is kept at once."""
        written = {name.lower() for name in WRITE.findall(statement)}
        if written and cursor.rowcount != 0:
            at_once = cursor.connection.autocommit
            (self._kept if at_once else self._open.setdefault(connection, set())).update(written)

    def keep(self, connection: Connection) -> None:
        self._kept |= self._open.pop(connection, set())

    def drop(self, connection: Connection) -> None:
        self._open.pop(connection, None)


@contextmanager
def watched() -> Iterator[Writes]:
    """The writes of every engine of this process."""
    writes = Writes()
    listeners = (("after_cursor_execute", writes.see), ("commit", writes.keep), ("rollback", writes.drop))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield writes
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def newest_audit_row(database: Database) -> int:
    """The number that later rows of the trail are above."""
    with transaction(database.owner_engine) as session:
        return session.scalar(select(func.coalesce(func.max(AuditRow.id), 0))) or 0


def unwritten(database: Database, visitor: Visitor, *, since: int = 0) -> Counter[tuple[str, str]]:
    """The refusals of a person without an audit row of their own, and the rows too many as negative numbers."""
    of_person = (AuditRow.actor_id == visitor.who.account, AuditRow.outcome == "denied", AuditRow.id > since)
    statement = select(AuditRow).where(*of_person)
    with transaction(database.owner_engine) as session:
        written = Counter((row.detail["route"], row.action) for row in session.scalars(statement))
    difference = Counter(visitor.refusals)
    difference.subtract(written)
    return Counter({key: number for key, number in difference.items() if number})
