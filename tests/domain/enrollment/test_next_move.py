"""The one next step of an application, for its administrator and for a coordinator (U7)."""

from __future__ import annotations

import pytest

from models.domain.enrollment.lifecycle import EnrollmentState, SectionKind, SectionState
from models.domain.enrollment.next_move import Move, SectionStands, next_move

A, B = SectionKind.A, SectionKind.B
INVITED, DRAFT, AWAITING, SIGNED = SectionState
RETURNED = EnrollmentState.RETURNED


def a(state: SectionState, to_correct: int = 0) -> SectionStands:
    return SectionStands(A, state, True, to_correct)


def b(state: SectionState, *, own: bool = False, to_correct: int = 0, unreached: bool = False) -> SectionStands:
    return SectionStands(B, state, own, to_correct, unreached)


@pytest.mark.parametrize(
    ("sections", "whole", "move"),
    [
        ([a(DRAFT)], True, Move.FILL_IN_A),
        ([a(AWAITING)], True, Move.LIST_LOCATIONS),
        ([a(DRAFT), b(INVITED, unreached=True)], True, Move.REACH),
        ([a(AWAITING), b(DRAFT, own=True)], True, Move.FILL_IN_B),
        ([a(AWAITING), b(DRAFT)], True, Move.WAIT_FOR_COORDINATORS),
        ([a(AWAITING), b(SIGNED)], True, Move.WAIT_FOR_SIGNATURES),
        ([a(SIGNED), b(SIGNED)], True, Move.SUBMIT),
        ([a(DRAFT, 1), b(SIGNED)], True, Move.CORRECT),
        ([a(SIGNED, 1), b(SIGNED)], True, Move.CORRECT),
        ([a(DRAFT), b(SIGNED)], True, Move.FILL_IN_A),
        ([b(DRAFT, own=True, to_correct=1)], False, Move.CORRECT),
        ([b(DRAFT, own=True)], False, Move.FILL_IN_B),
        ([b(AWAITING, own=True)], False, Move.WAIT_FOR_SIGNATURES),
        ([b(SIGNED, own=True)], False, Move.WAIT_FOR_ADMINISTRATOR),
    ],
)
def test_U7_there_is_one_next_step(sections: list[SectionStands], whole: bool, move: Move) -> None:
    assert next_move(RETURNED, sections, whole=whole) is move


def test_U7_with_the_state_and_at_the_end_the_state_says_what_comes_next() -> None:
    moves = [next_move(state, [a(SIGNED, 1)], whole=True) for state in EnrollmentState]
    assert moves == [
        Move.CORRECT, Move.WAIT_FOR_REVIEW, Move.WAIT_FOR_APPROVAL, Move.CORRECT, Move.APPROVED, Move.DENIED,
        Move.WITHDRAWN,
    ]  # fmt: skip
