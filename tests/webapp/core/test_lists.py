"""List pages: the state in the address, chips that remove a filter, and the export with its audit row."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest
from flask import Flask, get_template_attribute
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.queries.core.lists.keyset import ListKey
from models.queries.core.lists.pages import Listing
from models.tables.core.audit import AuditRow
from models.tables.organizations.locations import Organization
from webapp.core.lists.address import Filter, ListAddress, capped, read_list_address
from webapp.core.lists.export import export_csv, neutral

FILTERS = (Filter("state", "State", {"open": "Open", "over": "Over"}), Filter("q", "Name"))
BY_NAME = Listing(select(Organization.name), Organization.name, Organization.id)


@pytest.fixture
def asked(app: Flask):
    with app.test_request_context("/"):
        yield lambda **query: read_list_address("public.start", FILTERS, query)


def test_what_means_nothing_is_as_if_it_was_not_there(asked) -> None:
    assert asked(state="closed", q="   ", other="x", after="??").url == asked().url


def test_a_chip_removes_its_filter_and_keeps_the_others(asked) -> None:
    address: ListAddress = asked(state="open", q="a&b")
    assert [(chip.label, chip.value) for chip in address.chips] == [("State", "Open"), ("Name", "a&b")]
    assert address.chips[0].remove == asked(q="a&b").url
    assert address.narrowed("state", "over") == asked(state="over", q="a&b").url
    assert address.cleared == asked().url


def test_filters_stay_on_the_next_page_and_a_new_filter_begins_at_the_first(asked) -> None:
    address: ListAddress = asked(state="open")
    key = ListKey("Birch", uuid4())
    further = asked(state="open", after=str(key))
    assert address.behind(key) == further.url
    assert further.after == key
    assert further.first == address.url
    assert "after" not in further.narrowed("q", "x")


def test_chips_and_count_are_drawn(asked) -> None:
    drawn = get_template_attribute("components/lists.html", "chips")(asked(state="open", q="<b>"))
    assert f'href="{asked(q="<b>").url}"'.replace("&", "&amp;") in drawn
    assert "Name: &lt;b&gt;" in drawn
    assert get_template_attribute("components/lists.html", "chips")(asked()).strip() == ""
    assert "99+" in get_template_attribute("components/lists.html", "list_head")("99+", "/export")


def test_counts_stop_in_words() -> None:
    assert [capped(count, 100) for count in (0, 99, 100, 5000)] == ["0", "99", "99+", "99+"]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "＝1", "  =1"])
def test_a_formula_is_neutralized(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=b", "O'Brien", -5, None, 1.5])
def test_other_cells_are_left_alone(cell: object) -> None:
    assert neutral(cell) == cell


def test_an_export_holds_everything_and_leaves_an_audit_row(asked, database) -> None:
    names = ["=cmd|' /C calc'!A0", 'Say "hello"', *(f"Place {number:04}" for number in range(1200))]
    with Session(database.app_engine) as session:
        session.add_all(Organization(id=uuid4(), name=name) for name in names)
        session.commit()
    response = export_csv("places", asked(state="open", q="Ana"), BY_NAME, ["Name"], lambda row: [row.name])
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0] == ["Name"]
    assert sorted(row[0] for row in rows[1:]) == sorted(str(neutral(name)) for name in names)
    with Session(database.app_engine) as session:
        [kept] = session.scalars(select(AuditRow).where(AuditRow.action == "list.export"))
        assert (kept.object_type, kept.detail) == ("places", {"filters": {"state": "open", "q": None}})
