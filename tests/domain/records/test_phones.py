"""Phone numbers as people, phones and spreadsheets write them: kept as they are read back, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.core.violations import RuleViolation
from models.domain.records.phones import normalize_phone
from webapp.records.values import shown_phone

OURS = "+19195550123"
KEPT = [
    *(
        (typed, OURS)
        for typed in (
            "9195550123", "(919) 555-0123", "919.555.0123", "919–555–0123", "919\u2011555\u20110123",
            "0919 555 0123", "(0)919 555 0123", "+1 (0)919 555 0123", "+10919 555 0123",
            "1 919 555 0123", "1-919-555-0123", "+1-919-555-0123", "(+1) 919 555 0123", "+ 1 919 555 0123",
            "001 919 555 0123", "0019195550123", "tel:+1-919-555-0123", "Tel. 919 555 0123", "Phone: 919-555-0123",
            "9195550123.0", "19195550123.0", "+19195550123.0", "9195550123.", "9195550123.00", "'9195550123",
            "９１９５５５０１２３", "(919) 555-0123.", "  919  555  0123  ", "919/555-0123",
        )
    ),
    ("+52 55 1234 5678", "+525512345678"),
    ("+52 1 55 1234 5678", "+525512345678"),
    ("+5215512345678", "+525512345678"),
    ("+5215512345678.0", "+525512345678"),
    ("011 52 55 1234 5678", "+525512345678"),
    ("0052 55 1234 5678", "+525512345678"),
    ("+44 20 7946 0958", "+442079460958"),
    ("+44 (0)20 7946 0958", "+442079460958"),
    ("0044 20 7946 0958", "+442079460958"),
    ("011 44 20 7946 0958", "+442079460958"),
    ("+39 06 6982 1234", "+390669821234"),
    ("1-800-356-9377", "+18003569377"),
    ("787 555 0123", "+17875550123"),
]  # fmt: skip
REFUSED = [
    *((typed, "phone_extension") for typed in (
        "919 555 0123 ext. 4", "919-555-0123 x4", "919-555-0123x4", "919-555-0123 #4", "919-555-0123;ext=4",
        "919 555 0123 extension 12", "919 555 0123, 4",
    )),
    *((typed, "bad_phone") for typed in (
        "1-800-FLOWERS", "919 CALL NOW", "O19 555 0123", "9I9 555 0123", "919 555 0123 (cell)", "919 555 0123 or 0124",
        "919 555 0123 / 919 555 0124", "919-555-0123/4", "9195550123 9195550124", "+1 919 555 0123 +1 919 555 0124",
        "555-0123", "919 555 012", "919 555 01234", "119 555 0123", "019 555 0123", "911", "919 911 0123",
        "00919 555 0123", "+919 555 0123", "0445512345678", "044 55 1234 5678", "52 55 1234 5678",
        "9.195550123E+09", "9.19556E+09", "9195550123.5", "919555012.30", "9,195,550,123", "", "+", "0", "none",
        "919 555 0123;phone-context=+44", "+999 123 456 789", "++1 919 555 0123",
    )),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), KEPT)
def test_A10_a_number_is_kept_as_it_is_called(typed: str, kept: str) -> None:
    assert normalize_phone(typed) == kept


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_A10_what_is_no_single_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        normalize_phone(typed)
    assert refused.value.code == code


@given(st.text(st.sampled_from("0123456789+-().# x")) | st.from_regex(r"[+]?[01]{0,3} ?[2-9]\d\d \d{3} \d{4}(\.0)?"))
def test_A10_what_is_kept_is_read_back_as_it_is_kept(typed: str) -> None:
    try:
        kept = normalize_phone(typed)
    except RuleViolation:
        return
    assert normalize_phone(shown_phone(kept)) == kept
    assert not kept.startswith("+10")
