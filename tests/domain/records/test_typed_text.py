"""Typed text: nothing that cannot be seen comes in, and nothing that real names need is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.records.email_addresses import normalize_email
from models.domain.records.typed_text import VISIBLE, clean_text
from models.domain.records.values import normalize
from models.queries.records.choices import choices
from tests.domain.enrollment.test_fields import field

UNSEEN = [
    chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Cf" and chr(point) not in VISIBLE
] + list("\u034f\u115f\u1160\u2800\u3164\uffa0\ufe0f\ufe00\U000e0100\u180b")
LETTERS = st.text(st.sampled_from([*"ab é می न्ക葛👩", "\u200c", "\u200d", "\ufe0f", "\u0301", *UNSEEN[:40]]))


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda one: f"U+{ord(one):04X}")
def test_A6_what_cannot_be_seen_is_taken_out_of_a_name(unseen: str) -> None:
    assert clean_text(f"{unseen}Ana{unseen} Ru{unseen}iz{unseen}") == "Ana Ruiz"


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("email", "\u200boffice@example.org", "office@example.org"),
        ("zip", "27601\u202c", "27601"),
        ("legal_name", "Blue \u202eRidge\u202c", "Blue Ridge"),
        ("legal_name", "\ufeffBlue Ridge", "Blue Ridge"),
        ("phone", "\u202a919-555-0123\u202c", "+19195550123"),
        ("cmo_license_number", "2019\u00ad00123", "201900123"),
        ("refrigerated_vials", "1\u2060200", 1200),
        ("state", "NC\u200e", "NC"),
        ("city", "\u200b\u2060", None),
        ("city", "Chapel\u00a0Hill", "Chapel Hill"),
        ("city", "Chapel\u2028Hill", "Chapel Hill"),
    ],
)
def test_A6_every_kind_of_answer_is_kept_without_them(name: str, typed: str, kept: object) -> None:
    assert normalize(field(name), typed, choices()) == kept


def test_A6_an_address_with_them_is_the_address_without() -> None:
    assert normalize_email("\ufeffana\u200b@example\u00ad.org\u202c") == "ana@example.org"


@pytest.mark.parametrize(
    "name",
    [
        "می\u200cخواهم",
        "علی\u200cرضا",
        "क्\u200dष",
        "शर्\u200dमा",
        "ന്\u200d",
        "ක්\u200dෂ",
        "葛\U000e0100城",
        "ᠠ\u180b",
        "Nuñez-O’Brien",
        "👩\u200d⚕\ufe0f",
    ],
)
def test_A6_real_names_keep_what_they_need(name: str) -> None:
    assert clean_text(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "typed", ["a\u200cb", "ا\u200cb", "\u200dاب", "اب\u200c", "अ\u200c\u200cब", "O\u200d'Brien", "1\u200d2"]
)
def test_A6_a_joiner_elsewhere_is_taken_out(typed: str) -> None:
    assert clean_text(typed).count("\u200c") + clean_text(typed).count("\u200d") == ("अ" in typed)


@given(LETTERS | st.text())
def test_A6_clean_text_stays_as_it_is(typed: str) -> None:
    once = clean_text(typed)
    assert clean_text(once) == once
