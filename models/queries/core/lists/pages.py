"""Lists of anything: a page by key, a count that stops, and everything that matches, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from models.queries.core.lists.keyset import ListKey

PAGE = 25
COUNT_TO = 100
BATCH = 500
OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. `statement` selects what matches, within the person's reach; `sort` and `id` order it.

    `sort` is a text or a time that every row has; an index on both lets a page cost the same wherever it begins.
    """

    statement: Select[Any]
    sort: ColumnElement[Any]
    id: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of one page; `next` is the key of the page after it, None on the last."""

    rows: tuple[Row[Any], ...]
    next: ListKey | None


def list_page(session: Session, listing: Listing, *, after: ListKey | None = None, limit: int = PAGE) -> ListPage:
    """The rows behind a key, in order. A key of another kind of list is as if it was not there."""
    rows = session.execute(_behind(listing, after).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return ListPage(tuple(rows[:limit]), ListKey(last.key_value, last.key_id) if last is not None else None)


def count_rows(session: Session, listing: Listing, *, limit: int = COUNT_TO) -> int:
    """How many rows match, up to a limit, which means that many or more."""
    some = listing.statement.with_only_columns(literal_column("1"), maintain_column_froms=True).limit(limit).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def every_row(open_session: OpenSession, listing: Listing, *, batch: int = BATCH) -> Iterator[Row[Any]]:
    """Everything that matches, in order, read in batches of which each has a short session of its own."""
    after: ListKey | None = None
    while True:
        with open_session() as session:
            page = list_page(session, listing, after=after, limit=batch)
        yield from page.rows
        after = page.next
        if after is None:
            return


def _behind(listing: Listing, after: ListKey | None) -> Select[Any]:
    statement = listing.statement.add_columns(listing.sort.label("key_value"), listing.id.label("key_id"))
    if after is not None and isinstance(after.value, listing.sort.type.python_type):
        place, key = tuple_(listing.sort, listing.id), tuple_(after.value, after.id)
        statement = statement.where(place < key if listing.descending else place > key)
    if listing.descending:
        return statement.order_by(listing.sort.desc(), listing.id.desc())
    return statement.order_by(listing.sort, listing.id)
