"""How recovery codes are spelled, and what is forgiven when they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.identity.recovery_codes import CODE_BYTES, are_few, clean_recovery_code, grouped, spell_code


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_what_was_printed_can_be_typed(chance):
    code = spell_code(chance)
    assert len(code) == 16
    for typed in (code, grouped(code), grouped(code).lower(), f"  {code[:5]} {code[5:]} "):
        assert clean_recovery_code(typed) == code


def test_no_two_chances_are_spelled_alike():
    assert spell_code(bytes(10)) == "0" * 16
    assert spell_code(b"\xff" * 10) == "Z" * 16
    assert len({spell_code(number.to_bytes(10, "big")) for number in range(4096)}) == 4096


def test_letters_that_look_like_digits_are_taken_for_them():
    assert clean_recovery_code("oil0-0000-0000-0000") == "0110000000000000"


@pytest.mark.parametrize("typed", ["", "123456", "0" * 15, "0" * 17, "U" * 16, "٠" * 16, "' OR 1=1 --......"])
def test_what_can_be_no_code_is_refused(typed):
    assert clean_recovery_code(typed) is None


def test_few_are_three():
    assert [are_few(left) for left in (4, 3, 0)] == [False, True, True]
