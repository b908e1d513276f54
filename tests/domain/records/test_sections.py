"""A record as a whole: its sections, its answers and its notes, with a record that no capability has."""

from __future__ import annotations

from uuid import UUID

import pytest

from models.domain.core.reasons import MAX_REASON
from models.domain.core.violations import RuleViolation
from models.domain.records.answers import answered, begun, check_answers, check_form, missing_answers
from models.domain.records.fields import Field, FieldKind
from models.domain.records.notes import FieldNote, changed_fields, note_problems
from models.domain.records.sections import Step, section, under
from models.queries.records.choices import choices
from tests.toy_record import HOME, PERSON, Page, Part

ID = UUID(int=1)


def test_a_section_knows_its_pages_and_where_each_field_stands():
    assert [step.name for step in PERSON.steps] == [Page.NAME, Page.HOME]
    assert PERSON.after(PERSON.steps[0]) == PERSON.steps[1]
    assert PERSON.after(PERSON.steps[1]) is None
    zip_code = PERSON.field("zip")
    assert zip_code is not None
    assert (zip_code.section, zip_code.step, PERSON.step_of("zip")) == (Part.PERSON, Page.HOME, PERSON.steps[1])
    assert PERSON.field("nothing") is PERSON.step("nothing") is PERSON.step_of("nothing") is None


def test_two_fields_cannot_share_a_name():
    twice = (Field("name", FieldKind.TEXT, "Name"), Field("name", FieldKind.TEXT, "Name again"))
    with pytest.raises(ValueError, match="share a name"):
        section(Part.PERSON, Step(Page.NAME, "Who you are", twice))


def test_fields_under_a_prefix_belong_to_their_owner():
    [street, *_rest] = under("carer", PERSON.steps[1].fields, owner="carer")
    assert (street.name, street.owner) == ("carer_street", "carer")


def test_what_is_missing_and_what_does_not_fit_is_said_of_its_field():
    found = missing_answers(PERSON, {**HOME, "zip": "90210"}, choices())
    assert [(one.code, one.field) for one in found] == [("missing", "name"), ("zip_not_in_state", "zip")]
    assert not missing_answers(PERSON, {**HOME, "name": "Ana"}, choices())


def test_a_page_is_begun_before_it_is_answered():
    home = PERSON.steps[1]
    assert (begun(home, {}), begun(home, {"city": "Raleigh"}), answered(home, {"city": "Raleigh"})) == (
        False,
        True,
        False,
    )
    assert answered(home, HOME)


def test_every_wrong_answer_is_refused_at_once():
    with pytest.raises(RuleViolation) as refused:
        check_answers(PERSON, {"phone": "12", "zip": "x", "other": "y", "name": "Ana"}, choices())
    assert {one.field for one in refused.value.violations} == {"phone", "zip", "other"}


def test_a_short_form_asks_for_everything():
    with pytest.raises(RuleViolation) as refused:
        check_form(PERSON.steps[0].fields, {"name": " "}, choices())
    assert [one.field for one in refused.value.violations] == ["name", "phone"]


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (FieldNote(ID, "zip", "Please look again"), None),
        (FieldNote(ID, "zip", "  "), "reason_missing"),
        (FieldNote(ID, "zip", "x" * (MAX_REASON + 1)), "too_long"),
        (FieldNote(ID, "other", "x"), "unknown_field"),
        (FieldNote(UUID(int=2), "zip", "x"), "unknown_field"),
    ],
)
def test_a_note_stands_on_a_field_and_says_why(note: FieldNote, code: str | None):
    assert [one.code for one in note_problems([note], {ID: PERSON})] == ([code] if code else [])


def test_what_was_corrected_is_what_differs_from_before():
    assert changed_fields(PERSON, {**HOME, "name": "Ana"}, {**HOME, "zip": "27602"}) == {"zip", "name"}
    assert changed_fields(PERSON, HOME, None) == frozenset()
