"""The states of an enrollment: who may do what, what follows, and the clock of the review."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.capabilities import declared
from models.domain.core.calendar.dates import day_in_words
from models.domain.core.calendar.service_hours import BusinessCalendar
from models.domain.core.chase import chase_ends, due_after, reminders, warning_due
from models.domain.core.identifiers import ALPHABET, enrollment_reference, provider_pin
from models.domain.core.permissions import Role
from models.domain.core.tasks import Urgency, soon_until, urgency
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import (
    ALLOWED,
    APPLYING,
    FINAL,
    LIFECYCLE,
    WITH_THE_STATE,
    EnrollmentAction,
    EnrollmentState,
    NextStep,
    SectionKind,
    SectionState,
    check_section_allowed,
    next_step,
)
from models.domain.enrollment.review import StaffDecision, check_decision
from models.domain.records.names import split_name
from models.domain.records.notes import FieldNote

OFFICE = BusinessCalendar(time(8), time(17), frozenset(range(5)), frozenset({date(2026, 3, 10)}))


@pytest.mark.parametrize("state", list(EnrollmentState))
def test_every_state_is_in_exactly_one_pair_of_hands(state: EnrollmentState) -> None:
    assert [state in hands for hands in (APPLYING, WITH_THE_STATE, FINAL)].count(True) == 1


@pytest.mark.parametrize("state", sorted(FINAL))
def test_nothing_can_be_done_after_the_end(state: EnrollmentState) -> None:
    assert ALLOWED[state] == {}


def test_only_the_state_decides_and_only_the_applicant_fills_in() -> None:
    for state in APPLYING:
        assert {Role.REV, Role.SUP}.isdisjoint(role for roles in ALLOWED[state].values() for role in roles)
    for state in WITH_THE_STATE:
        assert EnrollmentAction.SAVE_ANSWERS not in ALLOWED[state]
        assert ALLOWED[state][EnrollmentAction.WITHDRAW] == {Role.ORG}


@given(st.sampled_from(list(EnrollmentAction)), st.sampled_from(list(EnrollmentState)))
def test_what_the_table_does_not_allow_is_refused(act: EnrollmentAction, state: EnrollmentState) -> None:
    if act in ALLOWED[state]:
        LIFECYCLE.check(act, state, frozenset(Role))
    else:
        with pytest.raises(RuleViolation, match="moved on"):
            LIFECYCLE.check(act, state, frozenset(Role))


def test_a_section_is_signed_only_while_it_waits_for_signatures() -> None:
    check_section_allowed(EnrollmentAction.SIGN_SECTION, SectionState.AWAITING_SIGNATURE)
    for state in set(SectionState) - {SectionState.AWAITING_SIGNATURE}:
        with pytest.raises(RuleViolation):
            check_section_allowed(EnrollmentAction.SIGN_SECTION, state)


@pytest.mark.parametrize(
    ("state", "reviewed", "approved", "cleared", "step"),
    [
        ("draft", None, None, False, NextStep.GATHER),
        ("returned", None, None, False, NextStep.GATHER),
        ("in_review", None, None, False, NextStep.REVIEW),
        ("in_review", "recommended", None, False, NextStep.APPROVE),
        ("in_review", "returned", None, False, NextStep.SEND_BACK),
        ("in_review", "denied", None, False, NextStep.DENY),
        ("in_approval", "recommended", None, False, NextStep.APPROVE),
        ("in_approval", "recommended", "approved", False, NextStep.ACTIVATE),
        ("in_approval", "recommended", "returned", False, NextStep.SEND_BACK),
        ("in_approval", "recommended", "denied", False, NextStep.DENY),
        ("withdrawn", "recommended", None, False, NextStep.CLEAR_AWAY),
        ("withdrawn", None, None, True, NextStep.FINISH),
        ("approved", "recommended", "approved", False, NextStep.FINISH),
        ("denied", "denied", None, False, NextStep.FINISH),
    ],
)
def test_the_facts_say_what_comes_next(
    state: str, reviewed: str | None, approved: str | None, cleared: bool, step: NextStep
) -> None:
    assert next_step(EnrollmentState(state), reviewed=reviewed, approved=approved, cleared=cleared) is step


def test_every_outcome_of_a_review_or_an_approval_leads_somewhere() -> None:
    for outcome in declared().task_rules[TaskKind.REVIEW_ENROLLMENT].outcomes:
        assert next_step(EnrollmentState.IN_REVIEW, reviewed=outcome) is not NextStep.REVIEW
    for outcome in declared().task_rules[TaskKind.APPROVE_ENROLLMENT].outcomes:
        assert next_step(EnrollmentState.IN_APPROVAL, reviewed="recommended", approved=outcome) is not NextStep.APPROVE


def test_a_note_names_a_field_of_a_section_and_a_reason() -> None:
    section_id = uuid4()
    notes = [
        FieldNote(section_id, "zip", "Wrong."),
        FieldNote(section_id, "zip", " "),
        FieldNote(uuid4(), "zip", "x"),
        FieldNote(section_id, "no", "x"),
    ]
    with pytest.raises(RuleViolation) as refused:
        check_decision(
            StaffDecision(Outcome.RETURNED, notes=notes),
            allowed=frozenset({Outcome.RETURNED}),
            kinds={section_id: SectionKind.A},
        )
    assert [one.code for one in refused.value.violations] == ["reason_missing", "unknown_field", "unknown_field"]


def test_reminders_come_on_days_3_7_and_14() -> None:
    opened = datetime(2026, 3, 2, 15, tzinfo=UTC)
    due = reminders(TaskKind.SIGN_SECTION, opened, OFFICE)
    assert {kind: (moment.date() - opened.date()).days for kind, moment in due.items()} == {
        "reminder_3": 3,
        "reminder_7": 7,
        "reminder_14": 14,
    }
    assert chase_ends(TaskKind.NAME_ANOTHER_SIGNER, opened, OFFICE) is None


@pytest.mark.parametrize("days", [1, 3, 5, 10, 20])
@pytest.mark.parametrize("percent", [0, 25, 75, 99])
def test_U8_what_is_mailed_as_due_soon_stands_under_due_soon(days: int, percent: int) -> None:
    begun = datetime(2026, 3, 2, 15, 37, tzinfo=UTC)
    due = due_after(begun, days, OFFICE)
    warned = warning_due(begun, due, percent, OFFICE)
    assert urgency(due, warned, soon_until(warned, OFFICE)) is Urgency.DUE_SOON


def test_the_warning_comes_when_three_quarters_of_the_business_time_are_over() -> None:
    submitted = datetime(2026, 3, 2, 13, tzinfo=UTC)  # Monday, 8 in the morning
    due = due_after(submitted, 10, OFFICE)
    assert due == datetime(2026, 3, 16, 21, tzinfo=UTC)  # Tuesday the 10th is a holiday, the clock changes on the 8th
    assert warning_due(submitted, due, 75, OFFICE) == datetime(2026, 3, 12, 16, 30, tzinfo=UTC)


@given(st.lists(st.integers(0, 10**9), min_size=6, max_size=6))
def test_references_and_pins_are_easy_to_read_aloud(numbers: list[int]) -> None:
    chance = iter(numbers)
    reference = enrollment_reference(lambda limit: next(chance) % limit)
    assert reference.startswith("ENR-")
    assert set(reference[4:]) <= set(ALPHABET)
    pin = provider_pin(lambda limit: numbers[0] % limit)
    assert 100_000 <= int(pin) <= 999_999


@pytest.mark.parametrize(
    ("name", "parts"), [("Ana María Ruiz", ("Ana María", "Ruiz")), ("Ng", ("", "Ng")), ("", ("", ""))]
)
def test_a_name_is_split_as_a_first_guess(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_a_day_is_said_in_the_readers_language_and_in_our_zone() -> None:
    late_evening = datetime(2026, 12, 5, 3, tzinfo=UTC)
    assert day_in_words(late_evening, "en") == "December 4, 2026"
    assert day_in_words(late_evening, "es") == "4 de diciembre de 2026"
