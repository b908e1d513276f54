"""Rules of passwords (P25), as a table."""

from __future__ import annotations

import pytest

from models.domain.core.violations import RuleViolation
from models.domain.identity.passwords import assess_password, common_words, normalize_password, too_long_to_hash

CONTEXT = ("ana.ruiz@example.org", "Ana Ruiz", "Blue Ridge Family Practice")

GOOD_ALONE = [
    "seven quiet herons wading",
    "correct horse battery staple of mine",
    "aquí viven ñandúes azules",
    "tr0ub4dor&3-is-not-it",
    "all lower case and long enough",
    "ALL UPPER CASE AND LONG ENOUGH",
    "八匹の馬と一匹の猫と三羽の鳥がいる",
    "blue ridge has seven herons",
    "x" + "q8 vf-Lm2 tz" * 2 + "!",
    "a" + "seven herons " * 9 + "wade slow",
    "1492 1776 1865 1969 moon landing",
    "the vaccine is kept in the cold room",
    "   spaces around count too   ",
]
REFUSED_ALONE = [
    ("", "password_too_short"),
    ("fourteen chars", "password_too_short"),
    ("password", "password_too_short"),
    ("Hunter2", "password_too_short"),
    ("e" * 129, "password_too_long"),
    ("seven herons wade " * 10, "password_too_long"),
    ("aaaaaaaaaaaaaaa", "password_repeats"),
    ("abcabcabcabcabcabc", "password_repeats"),
    ("passwordpassword", "password_repeats"),
    ("PasswordPassword", "password_repeats"),
    ("password password 1", "password_repeats"),
    ("12345678901234567890", "password_repeats"),
    ("                    ", "password_repeats"),
    ("123456789012345", "password_common"),
    ("314159265358979323", "password_common"),
    ("password1234567", "password_common"),
    ("!!!!!password!!!!!", "password_common"),
    ("Sunshine-2021!!!!!", "password_common"),
    ("vaccination2021!", "password_common"),
    ("1492 1776 1865 1969 moon", "password_common"),
    ("VAC2021-VAC2021!", "password_context"),
    ("NCDHHS-CVMS-2021!", "password_context"),
    ("CVMS vaccine 2021 ok", "password_context"),
    ("Ana.Ruiz.Ana.2021", "password_context"),
    ("ana.ruiz@example.org", "password_context"),
    ("Blue Ridge Family 12", "password_context"),
    ("BlueRidgeFamilyPractice", "password_context"),
]


@pytest.mark.parametrize("password", GOOD_ALONE)
def test_a_long_password_of_own_words_is_taken(password):
    assess_password(password, second_factor=False, context=CONTEXT)


@pytest.mark.parametrize(("password", "code"), REFUSED_ALONE)
def test_a_weak_password_is_refused_with_its_reason(password, code):
    with pytest.raises(RuleViolation) as refused:
        assess_password(password, second_factor=False, context=CONTEXT)
    assert refused.value.code == code
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    ("length", "second_factor", "taken"), [(11, True, False), (12, True, True), (14, False, False)]
)
def test_twelve_characters_are_enough_beside_a_second_factor(length, second_factor, taken):
    password = "kd8 wp2 xz5 mt9 vq"[:length]
    if taken:
        assess_password(password, second_factor=second_factor)
    else:
        with pytest.raises(RuleViolation, match="characters or more"):
            assess_password(password, second_factor=second_factor)


def test_128_characters_of_four_bytes_each_are_taken():
    password = "".join(chr(0x20000 + number) for number in range(128))
    assess_password(password, second_factor=False)


def test_one_password_is_one_password_in_either_unicode_form():
    assert normalize_password("contrasen\u0303a") == normalize_password("contraseña")


def test_length_is_counted_after_composing():
    with pytest.raises(RuleViolation, match="characters or more"):
        assess_password("n\u0303x" * 7, second_factor=False)


def test_the_blocklist_is_long():
    assert len(common_words()) >= 10_000


@pytest.mark.parametrize(("text", "too_long"), [("x" * 1024, False), ("x" * 1025, True), ("é" * 513, True)])
def test_nothing_above_1024_bytes_is_hashed(text, too_long):
    assert too_long_to_hash(text) is too_long
