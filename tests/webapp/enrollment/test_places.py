"""An address is checked on its own page, and its ZIP code offers the county (U4)."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.database import Database
from tests.webapp.applicants import ADMIN, SECTION_A, STEPS, browser, hidden, save_page
from tests.webapp.enrollment.forms import a, b, joined

ADDRESS = {name: SECTION_A[name] for name in STEPS["A"]["address"] if name in SECTION_A}


@pytest.mark.parametrize(
    ("step", "wrong", "field", "said"),
    [
        ("address", {"county": "Nowhere"}, "county", "Enter a county in North Carolina, such as Wake."),
        ("address", {"zip": "90210"}, "zip", "isn&#39;t in the state you chose"),
        ("cmo", {"cmo_zip": "90210"}, "zip", "isn&#39;t in the state you chose"),
        ("ceo", {"ceo_county": "Nowhere"}, "county", "Enter a county in North Carolina, such as Wake."),
    ],
)
def test_U4_a_place_is_checked_on_its_page(
    app: Flask, database: Database, step: str, wrong: dict[str, str], field: str, said: str
) -> None:
    story = joined(database)
    answers = {name: SECTION_A[name] for name in STEPS["A"][step] if name in SECTION_A}
    place = f"/enrollment/sections/{a(story)}/{step}"
    answer = save_page(browser(app, ADMIN), place, {**answers, **wrong})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert next(iter(wrong.values())) in answer.get_data(as_text=True)
    assert story.section().answers.keys() == {"legal_name"}


def test_U4_no_capacity_at_all_is_said_on_its_page(app: Flask, database: Database) -> None:
    story = joined(database)
    none = dict.fromkeys(STEPS["B"]["capacity"], "0")
    answer = save_page(browser(app, ADMIN), f"/enrollment/sections/{b(story)}/capacity", none)
    assert answer.status_code == 422
    assert "more than 0" in answer.get_data(as_text=True)


def test_U4_a_zip_code_offers_its_county_and_people_correct_it(app: Flask, database: Database) -> None:
    story = joined(database)
    client, place = browser(app, ADMIN), f"/enrollment/sections/{a(story)}/address"
    offered = save_page(client, place, {**ADDRESS, "county": ""})
    text = offered.get_data(as_text=True)
    assert (offered.status_code, 'value="Watauga"' in text, "Watauga County" in text) == (422, True, True)
    assert save_page(client, place, {**ADDRESS, "county": "Ashe"}).status_code == 303
    assert story.section().answers["county"] == "Ashe"


def test_U4_coming_back_later_saves_what_fits_and_marks_the_rest(app: Flask, database: Database) -> None:
    story = joined(database)
    client, place = browser(app, ADMIN), f"/enrollment/sections/{a(story)}/address"
    sent = {**hidden(client, place), **ADDRESS, "zip": "90210", "then": "later"}
    assert client.post(place, data=sent).status_code == 422
    assert story.section().answers["city"] == "Boone"
    assert "zip" not in story.section().answers
