"""The field catalogue: one spelling for each kind of value, and what cannot be one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.answers import check_answers, check_form, missing_answers
from models.domain.enrollment.fields import (
    CAPACITY_FIELDS,
    FIELDS,
    LOCATION_FIELDS,
    MAX_VIALS,
    START_FIELDS,
    STEPS,
    ChoiceSet,
    fields_of,
    find_field,
    steps_of,
)
from models.domain.enrollment.lifecycle import SectionKind
from models.domain.records.addresses import offered_county
from models.domain.records.fields import Field
from models.domain.records.places import county_of, fits_state
from models.domain.records.values import normalize, same_value
from models.queries.enrollment.reference import agreement
from models.queries.records.choices import choices, label_of, options
from tests.enrollment_story import SECTION_A, SECTION_B

LISTED = choices()


def field(name: str) -> Field:
    found = find_field(SectionKind.A, name) or find_field(SectionKind.B, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("legal_name", "  O'Brien & Nuñez, Ltd. ", "O'Brien & Nuñez, Ltd."),
        ("legal_name", "Nun\u0303ez", "Nuñez"),
        ("legal_name", "北卡诊所", "北卡诊所"),
        ("legal_name", "Clinic 👩‍⚕️", "Clinic 👩‍⚕️"),
        ("legal_name", "Null", "Null"),
        ("phone", "(919) 555-0123", "+19195550123"),
        ("phone", "1 919 555 0123", "+19195550123"),
        ("phone", "+44 20 7946 0958", "+442079460958"),
        ("zip", "27601", "27601"),
        ("zip", " 27601 - 1234 ", "27601-1234"),
        ("cmo_license_number", " 2019-0 123a ", "2019-0 123a"),
        ("cmo_middle_initial", "j.", "J"),
        ("email", " Office@Example.ORG ", "office@example.org"),
        ("email", "ana+vaccine@example.org", "ana+vaccine@example.org"),
        ("county", "wake county", "Wake"),
        ("county", "Fairfax", "Fairfax"),
        ("refrigerated_vials", "1,200", 1200),
        ("refrigerated_vials", 0, 0),
        ("provider_type", "28", "28"),
        ("street2", "   ", None),
        ("street2", None, None),
    ],
)
def test_every_kind_of_value_has_one_spelling(name: str, typed: object, kept: object) -> None:
    assert normalize(field(name), typed, LISTED) == kept


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("legal_name", "x" * 201, "too_long"),
        ("legal_name", "a\x00b", "bad_characters"),
        ("legal_name", "a\ud800b", "bad_characters"),
        ("legal_name", "a\r\nBcc: x", "bad_characters"),
        ("legal_name", "…—…", "no_letters"),
        ("legal_name", ["x"], "wrong_type"),
        ("legal_name", True, "wrong_type"),
        ("phone", "call me", "bad_phone"),
        ("phone", "919 555 012", "bad_phone"),
        ("phone", "119 555 0123", "bad_phone"),
        ("phone", "919 555 0123 ext. 4", "phone_extension"),
        ("phone", "9" * 30, "bad_phone"),
        ("zip", "2760", "bad_zip"),
        ("zip", "00000", "bad_zip"),
        ("zip", "K1A 0B1", "bad_zip"),
        ("zip", "٢٧٦٠١", "bad_zip"),
        ("cmo_license_number", "none", "bad_license"),
        ("cmo_middle_initial", "JR", "bad_initial"),
        ("email", "a@b", "email_invalid"),
        ("email", "a@b@example.org", "email_invalid"),
        ("email", "a@example.org\r\nBcc: b@example.org", "bad_characters"),
        ("refrigerated_vials", "-1", "not_a_number"),
        ("refrigerated_vials", "1.5", "not_a_number"),
        ("refrigerated_vials", "1e3", "not_a_number"),
        ("refrigerated_vials", str(MAX_VIALS + 1), "out_of_range"),
        ("refrigerated_vials", 10**12, "too_long"),
        ("location_count", "0", "out_of_range"),
        ("provider_type", "29", "unknown_choice"),
        ("state", "North Carolina", "unknown_choice"),
    ],
)
def test_what_cannot_be_a_value_is_refused_on_its_field(name: str, typed: object, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        normalize(field(name), typed, LISTED)
    assert (refused.value.code, refused.value.field) == (code, name)


@given(st.sampled_from(FIELDS), st.text(max_size=300))
def test_any_text_is_kept_in_one_spelling_or_refused(one: Field, typed: str) -> None:
    kept = kept_or_none(one, typed)
    assert kept is None or kept_or_none(one, kept) == kept


def kept_or_none(one: Field, typed: object) -> object:
    """The value in its one spelling; None when it is empty, or refused on its own field."""
    try:
        return normalize(one, typed, LISTED)
    except RuleViolation as refused:
        if refused.field != one.name:
            raise
        return None


@given(st.integers())
def test_any_number_is_in_bounds_or_refused(number: int) -> None:
    kept = kept_or_none(field("frozen_vials"), number)
    assert kept == (number if 0 <= number <= MAX_VIALS else None)


def complete(section: SectionKind, **changes: object) -> list[tuple[str | None, str]]:
    """What is missing from a whole section with some changes; an empty change takes an answer away."""
    whole = SECTION_A if section is SectionKind.A else {**SECTION_B, **COORDINATOR}
    answers = {name: value for name, value in {**whole, **changes}.items() if value != ""}
    checked = {name: value for name, value in check_answers(section, answers, LISTED).items() if value is not None}
    missing = missing_answers(section, checked, choices=LISTED, listed_locations=1)
    return [(one.field, one.code) for one in missing]


COORDINATOR = {
    "location_name": "Boone",
    "coordinator_first_name": "Coco",
    "coordinator_last_name": "Lane",
    "coordinator_email": "coco@blueridge.example",
}


@pytest.mark.parametrize(
    ("section", "changes", "found"),
    [
        (SectionKind.A, {}, []),
        (SectionKind.B, {}, []),
        (SectionKind.A, {"legal_name": ""}, [("legal_name", "missing")]),
        (SectionKind.A, {"cmo_last_name": ""}, [("cmo_last_name", "missing")]),
        (SectionKind.A, {"location_count": "2"}, [("location_count", "location_count")]),
        (SectionKind.A, {"county": "Fairfax"}, [("county", "county_not_in_state")]),
        (SectionKind.A, {"zip": "22030"}, [("zip", "zip_not_in_state")]),
        (SectionKind.A, {"state": "VA", "county": "Fairfax", "zip": "22030"}, []),
        (SectionKind.A, {"state": "VA", "county": "Fairfax", "zip": "28607"}, [("zip", "zip_not_in_state")]),
        (SectionKind.A, {"ceo_zip": "10001"}, [("ceo_zip", "zip_not_in_state")]),
        (SectionKind.A, {"ceo_email": "cmo@blueridge.example"}, []),  # one person may be both, and signs twice
        (SectionKind.B, {"refrigerated_vials": "0"}, [("refrigerated_vials", "no_capacity")]),
        (SectionKind.B, {"refrigerated_vials": ""}, [("refrigerated_vials", "missing")]),
        (SectionKind.B, {"refrigerated_vials": "0", "ultra_frozen_vials": "1"}, []),
        (SectionKind.B, {"backup_email": ""}, [("backup_email", "missing")]),
    ],
)
def test_a_section_is_complete_when_everything_is_there_and_fits(
    section: SectionKind, changes: dict[str, object], found: list[tuple[str, str]]
) -> None:
    assert complete(section, **changes) == found


@pytest.mark.parametrize(
    ("zip_code", "state", "fits"),
    [
        ("27601", "NC", True),
        ("28999", "NC", True),
        ("90210", "NC", False),
        ("90210", "CA", True),
        ("06390", "NY", True),
        ("02138", "NC", False),
        ("00999-1234", "PR", True),
    ],
)
def test_U4_a_zip_code_fits_its_state(zip_code: str, state: str, fits: bool) -> None:
    assert fits_state(zip_code, state) is fits


def test_U4_a_zip_code_offers_its_county_where_none_was_given() -> None:
    given = {"zip": "28607-1234", "state": "NC"}
    assert offered_county(field("county"), given) == "Watauga"
    assert offered_county(field("county"), {**given, "county": "Ashe"}) is None
    assert offered_county(field("county"), {**given, "zip": "90210"}) is None
    assert offered_county(field("cmo_county"), {"cmo_zip": "28607", "cmo_state": "NC"}) is None, "it is not needed"


def test_U4_every_county_of_the_state_is_offered_under_its_listed_name() -> None:
    codes = [f"{number}" for number in range(27000, 29000)]
    assert {county_of(code, "NC") for code in codes} - {None} == LISTED[ChoiceSet.COUNTIES]


def test_U6_a_license_is_kept_as_typed_and_compared_stripped() -> None:
    license_number = field("cmo_license_number")
    assert normalize(license_number, " 2021-00123 ", LISTED) == "2021-00123"
    assert same_value(license_number, "2021-00123", "2021 00123")
    assert same_value(license_number, "r-77a", "R77A")
    assert not same_value(license_number, "2021-00123", "2021-00124")
    assert not same_value(license_number, None, "2021-00124")


@pytest.mark.parametrize("person", ["cmo", "ceo"])
def test_A18_an_officer_with_one_name_completes_the_section(person: str) -> None:
    assert complete(SectionKind.A, **{f"{person}_first_name": "", f"{person}_last_name": "Sukarno"}) == []


@pytest.mark.parametrize("person", ["coordinator", "backup"])
def test_A18_a_coordinator_with_one_name_completes_the_section(person: str) -> None:
    assert complete(SectionKind.B, **{f"{person}_first_name": "", f"{person}_last_name": "Sukarno"}) == []


@pytest.mark.parametrize(("form", "name"), [(START_FIELDS, "name"), (LOCATION_FIELDS, "coordinator_name")])
def test_A18_one_word_is_a_whole_name_where_names_are_asked_in_one_field(form: Sequence[Field], name: str) -> None:
    given = {one.name: "Blue Ridge" for one in form} | {
        one.name: "ana@example.org" for one in form if "email" in one.name
    }
    assert check_form(form, given | {name: "Sukarno"})[name] == "Sukarno"


def test_no_location_listed_is_no_complete_section() -> None:
    missing = missing_answers(SectionKind.A, {"location_count": 0}, choices=LISTED, listed_locations=0)
    assert "location_count" in {one.code for one in missing}


def test_every_wrong_answer_is_named_at_once() -> None:
    with pytest.raises(RuleViolation) as refused:
        check_answers(SectionKind.A, {"zip": "x", "phone": "x", "color": "red", "city": "Boone"}, LISTED)
    assert {one.field for one in refused.value.violations} == {"zip", "phone", "color"}


def test_every_field_stands_on_a_page_of_its_section() -> None:
    for section in SectionKind:
        on_pages = [one for step in steps_of(section) for one in fields_of(section, step.name)]
        assert on_pages == list(fields_of(section))
    assert len({(one.section, one.name) for one in FIELDS}) == len(FIELDS)
    assert len({step.name for step in STEPS}) == len(STEPS)
    assert all(field(name).high == MAX_VIALS for name in CAPACITY_FIELDS)


def test_phones_licenses_and_home_addresses_are_personal() -> None:
    personal = {one.name for one in FIELDS if one.personal}
    assert {"cmo_phone", "cmo_license_number", "ceo_street", "coordinator_email", "backup_phone"} <= personal
    assert personal.isdisjoint({"phone", "street", "cmo_last_name", "location_name", "provider_type"})


def test_the_lists_are_whole_in_both_languages() -> None:
    sizes = {choice_set: len(LISTED[choice_set]) for choice_set in ChoiceSet}
    assert sizes == {
        ChoiceSet.STATES: 56,
        ChoiceSet.COUNTIES: 100,
        ChoiceSet.PROVIDER_TYPES: 28,
        ChoiceSet.LANGUAGES: 2,
    }
    assert [option.code for option in options(ChoiceSet.PROVIDER_TYPES, "es")] == [str(n) for n in range(1, 29)]
    assert label_of(ChoiceSet.STATES, "NC", "es") == "Carolina del Norte"


def test_the_agreement_has_its_twelve_conditions_and_the_daily_inventory_in_both_languages() -> None:
    english, spanish = agreement("en"), agreement("es")
    assert [one.key for one in english.conditions] == [one.key for one in spanish.conditions]
    assert len(english.conditions) == 13
    assert english.conditions[-1].key == "daily_inventory"
    assert all(one.text != other.text for one, other in zip(english.conditions, spanish.conditions, strict=True))
