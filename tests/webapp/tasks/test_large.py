"""An enrollment of many locations: fields are marked first and explained then, and no page sends thousands of texts."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.permissions import Role
from models.domain.enrollment.lifecycle import SectionKind, SectionState
from models.tables.enrollment.lifecycle import ReturnNote, Section
from models.tables.organizations.locations import Location
from tests.enrollment_story import SECTION_B, EnrollmentStory
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of, press

LOCATIONS = 120


@pytest.fixture
def task(database):
    """The review of an enrollment with a hundred and more locations."""
    story = EnrollmentStory(database)
    story.apply()
    with Session(database.app_engine) as session:
        org_id = story.section().org_id
        places = [Location(id=uuid4(), org_id=org_id, name=f"Site {n}") for n in range(LOCATIONS)]
        session.add_all(places)
        session.flush()
        session.add_all(
            Section(
                enrollment_id=story.id, org_id=org_id, location_id=place.id, kind=SectionKind.B,
                state=SectionState.SIGNED, answers=SECTION_B,
            )
            for place in places
        )  # fmt: skip
        session.commit()
    return next(one for one in story.tasks() if one.team)


def test_fields_are_marked_first_and_explained_then(client, database, task):
    make_account(database.app_engine, "maria@state.example", role=Role.REV, team="enrollment", name="Maria")
    sign_in(client, "maria@state.example")
    press(client, page_of(client, f"/tasks/{task.id}"), f"/tasks/{task.id}/claim")
    page = page_of(client, f"/tasks/{task.id}")
    assert "<details" not in page.partition("<main")[2]
    marked = re.findall(r'name="returned" type="checkbox" value="(\w+)"', page)[40:43]
    assert len(marked) == 3
    decision = {"outcome": "returned", "reason": "", "returned": marked}
    asked = press(client, page, f"/tasks/{task.id}/decide", **decision)
    assert asked.status_code == 422
    assert asked.text.partition("<main")[2].count("<details") == 3
    assert asked.text.count("usa-error-message") == 3
    notes = {f"note_{key}": "Please look again" for key in marked}
    answer = press(client, asked.text, f"/tasks/{task.id}/decide", **decision, **notes)
    assert answer.status_code == 303
    with Session(database.app_engine) as session:
        assert len(list(session.scalars(select(ReturnNote)))) == 3
