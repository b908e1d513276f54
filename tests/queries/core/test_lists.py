"""Lists of anything, on a list of organizations: every row once, in order, whatever a page holds and a key says."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries.core.lists.keyset import ListKey, parse_list_key
from models.queries.core.lists.pages import Listing, count_rows, every_row, list_page
from models.tables.organizations.locations import Organization

NAMES = ["Alder", "Alder", "Birch", "Ünal", "elm", "Zimmer", "Zimmer"]
BY_NAME = Listing(select(Organization.name), Organization.name, Organization.id)


@pytest.fixture
def session(database):
    with Session(database.app_engine) as session:
        session.add_all(Organization(id=uuid4(), name=name) for name in NAMES)
        session.commit()
        yield session


def names_by_page(session: Session, listing: Listing, limit: int) -> list[str]:
    found, after = [], None
    while True:
        page = list_page(session, listing, after=after, limit=limit)
        found += [row.name for row in page.rows]
        after = parse_list_key(str(page.next)) if page.next else None
        if after is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_every_row_stands_on_one_page(session: Session, limit: int) -> None:
    down = Listing(BY_NAME.statement, BY_NAME.sort, BY_NAME.id, descending=True)
    assert sorted(names_by_page(session, BY_NAME, limit)) == sorted(NAMES)
    assert names_by_page(session, down, limit) == names_by_page(session, BY_NAME, limit)[::-1]


def test_a_count_stops(session: Session) -> None:
    assert count_rows(session, BY_NAME) == len(NAMES)
    assert count_rows(session, BY_NAME, limit=3) == 3


def test_everything_is_read_in_batches(session: Session) -> None:
    @contextmanager
    def same():
        yield session

    assert sorted(row.name for row in every_row(same, BY_NAME, batch=2)) == sorted(NAMES)


def test_a_key_of_another_list_begins_at_the_first_page(session: Session) -> None:
    key = ListKey(datetime(2026, 3, 1, tzinfo=UTC), UUID(int=1))
    assert len(list_page(session, BY_NAME, after=key).rows) == len(NAMES)


@pytest.mark.parametrize("value", ["", "Ünal & Söhne", "a.b", datetime(2026, 3, 1, 5, 4, 3, 2, tzinfo=UTC)])
def test_a_key_comes_back_from_its_address(value: str | datetime) -> None:
    key = ListKey(value, UUID(int=7))
    assert parse_list_key(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "s", "t", "sAA.1", f"sAA.{'0' * 32}", f"s%.{'0' * 32}", f"tnone.{'0' * 32}", "x.y"]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert parse_list_key(text) is None
