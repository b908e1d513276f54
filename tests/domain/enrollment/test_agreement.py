"""The text that is signed: the same for the same answers, another for any other, and nobody else's fields in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.agreement import check_typed_name, signed_text, signer_name, text_hash
from models.domain.enrollment.fields import own_fields
from models.domain.enrollment.lifecycle import SectionKind, SignerRole

ANSWERS: dict[str, str | int] = {
    "legal_name": "Blue Ridge",
    "location_count": 1,
    "cmo_first_name": "Carla",
    "cmo_middle_initial": "M",
    "cmo_last_name": "Núñez",
    "ceo_first_name": "Erik",
    "ceo_last_name": "Olsen",
}


def text(signer: SignerRole, **changes: str | int) -> dict[str, object]:
    return signed_text(
        section=SectionKind.A, signer=signer, answers={**ANSWERS, **changes}, version="2026-1", reference="ENR-234567"
    )


def test_a_signer_does_not_sign_the_other_signers_own_fields() -> None:
    others = {field.name for field in own_fields(SignerRole.CEO)}
    answers = text(SignerRole.CMO)["answers"]
    assert isinstance(answers, dict)
    assert others.isdisjoint(answers)
    assert text_hash(text(SignerRole.CMO)) == text_hash(text(SignerRole.CMO, ceo_last_name="Other"))


@given(st.sampled_from(["legal_name", "cmo_last_name"]), st.text(min_size=1))
def test_another_answer_is_another_text(name: str, value: str) -> None:
    same = value == ANSWERS[name]
    assert (text_hash(text(SignerRole.CMO, **{name: value})) == text_hash(text(SignerRole.CMO))) is same


@given(st.permutations(list(ANSWERS.items())))
def test_the_order_of_the_answers_does_not_matter(pairs: list[tuple[str, str | int]]) -> None:
    shuffled = signed_text(
        section=SectionKind.A, signer=SignerRole.CMO, answers=dict(pairs), version="2026-1", reference="ENR-234567"
    )
    assert text_hash(shuffled) == text_hash(text(SignerRole.CMO))


def test_section_version_and_signer_are_part_of_the_text() -> None:
    hashes = {text_hash(text(signer)) for signer in (SignerRole.CMO, SignerRole.CEO)}
    newer = signed_text(
        section=SectionKind.A, signer=SignerRole.CMO, answers=ANSWERS, version="2027-1", reference="ENR-234567"
    )
    assert len(hashes | {text_hash(newer)}) == 3


@pytest.mark.parametrize(
    "typed", ["Carla M Núñez", "carla núñez", "CARLA M. NUNEZ", "Dr. Carla Núñez", "  Carla   Núñez "]
)
def test_a_name_is_typed_as_people_type_it(typed: str) -> None:
    assert check_typed_name(typed, signer_name(SignerRole.CMO, ANSWERS)) == typed.strip()


def test_A18_a_signer_with_one_name_signs_with_it() -> None:
    name = signer_name(SignerRole.CEO, {"ceo_last_name": "Sukarno"})
    assert check_typed_name("sukarno", name) == "sukarno"
    with pytest.raises(RuleViolation):
        check_typed_name("Suharto", name)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing_name"),
        ("   ", "missing_name"),
        ("Carla", "other_name"),
        ("Erik Olsen", "other_name"),
        ("x" * 201, "too_long"),
    ],
)
def test_another_name_is_no_signature(typed: str, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_typed_name(typed, signer_name(SignerRole.CMO, ANSWERS))
    assert (refused.value.code, refused.value.field) == (code, "typed_name")
