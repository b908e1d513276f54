"""From the first wish to the approval, page by page, without JavaScript (E1 to E5, E10)."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from models.domain.enrollment.kinds import Outcome
from tests.database import Database
from tests.webapp.accounts import PASSWORD
from tests.webapp.applicants import (
    ADMIN,
    ANSWERS_B,
    COORDINATOR,
    LOCATION,
    SECTION_A,
    START,
    adopt,
    browser,
    fill_section,
    link_for,
    post_form,
)

SIGNERS = {"cmo@blueridge.example": "Carla Núñez", "ceo@blueridge.example": "Erik Olsen", COORDINATOR: "Coco Lane"}
SECTION = re.compile(r"/enrollment/sections/([0-9a-f-]{36})/")


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_organization_applies_signs_and_sends(app: Flask, database: Database, language: str) -> None:
    ana = browser(app)
    ana.get(f"/?lang={language}")
    assert ana.get("/enrollment/begin").status_code == 200
    sent = post_form(ana, "/enrollment/begin/details", **START)
    assert sent.location == "/enrollment/begin/sent"
    assert ana.get(sent.location).status_code == 200
    confirm = link_for(database, ADMIN, "confirm_enrollment")
    assert ana.get(confirm).status_code == 200
    home = post_form(ana, confirm, password=PASSWORD).location
    enrollment_id = UUID(home.rsplit("/", 1)[1])
    story = adopt(database, enrollment_id)
    story.process()
    page = ana.get(home)
    assert page.status_code == 200
    assert ana.get("/enrollment").location == home
    section_a = UUID(SECTION.search(page.get_data(as_text=True))[1])

    added = post_form(ana, f"{home}/locations/add", **LOCATION)
    assert added.location == f"{home}/locations"
    assert "Coco Lane" in ana.get(added.location).get_data(as_text=True)
    story.process()
    fill_section(ana, section_a, "A", SECTION_A)

    coco = browser(app)
    join = link_for(database, COORDINATOR, "join_location")
    assert coco.get(join).status_code == 200
    joined = post_form(coco, join, password=PASSWORD)
    assert joined.location == home
    page = coco.get(home).get_data(as_text=True)
    section_b = UUID(SECTION.search(page)[1])
    assert section_b != section_a
    fill_section(coco, section_b, "B", ANSWERS_B)
    story.process()
    for address, name in SIGNERS.items():
        sign = link_for(database, address, "sign_section")
        signer = browser(app)
        assert name in signer.get(sign).get_data(as_text=True)
        place = sign.partition("?")[0]
        done = post_form(signer, place, page=sign, typed_name=name, confirmed="y")
        assert done.status_code == 303, done.get_data(as_text=True)
        assert name in signer.get(done.location).get_data(as_text=True)
    story.process()
    assert f"{home}/submit" in ana.get(home).get_data(as_text=True)
    submitted = post_form(ana, f"{home}/submit", declared="y")
    assert submitted.location == f"{home}/submitted"
    assert ana.get(submitted.location).status_code == 200
    story.process()
    story.decide(story.reviewer(), Outcome.RECOMMENDED)
    assert ana.get(home).status_code == 200
    story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
    text = ana.get(home).get_data(as_text=True)
    assert re.search(r"PIN[^0-9]*[1-9][0-9]{5}", text)
    assert coco.get(home).status_code == 200
