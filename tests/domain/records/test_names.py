"""Comparing names: one name in many spellings, and names that only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.agreement import check_typed_name
from models.domain.records.names import holds_name, same_name, split_name

SAME = [
    *(("Dana O'Brien", f"Dana O{mark}Brien") for mark in "’ʼʻ‘`´′ʹ＇"),
    ("Dana O'Brien", "Dana OBrien"),
    ("Dana O'Brien", "dana o brien"),
    ("Łukasz Wałęsa", "Lukasz Walesa"),
    ("Søren Ørsted", "Soren Orsted"),
    ("Søren Ørsted", "Soeren Oersted"),
    ("Đorđe Đoković", "Djordje Djokovic"),
    ("Đặng Văn Đức", "Dang Van Duc"),
    ("Ayşe Yıldız", "Ayse Yildiz"),
    ("AYŞE YILDIZ", "Ayşe Yıldız"),
    ("İbrahim Işık", "ibrahim isik"),
    ("Æsa Þórsdóttir", "Aesa Thorsdottir"),
    ("Jörg Groß", "JOERG GROSS"),
    ("Åse Müller", "Ase Muller"),
    ("José Núñez", "Jose Nunez"),
    ("Jose\u0301 Nun\u0303ez", "José Núñez"),
    *(("Ana Garcia-Lopez", f"Ana Garcia{dash}Lopez") for dash in " ‐‑–—−"),
    ("Maria De la Cruz", "Maria Delacruz"),
    ("Ana\u200b Ruiz", "\ufeffAna\u00a0Ruiz"),
    ("王小明", "王 小明"),
    ("Ștefan Țepeș", "Stefan Tepes"),
    ("Strauß", "STRAUẞ"),
]
OTHERS = [
    ("Dana O'Brien", "Dana O'Bryan"),
    ("Ana Ruiz", "Ana Diaz"),
    ("Jon Smith", "John Smith"),
    ("Maria Cruz", "Mario Cruz"),
    ("Ana Garcia-Lopez", "Ana Garcia"),
    ("Jan Muller", "Jan Mueller"),
    ("Søren Berg", "Sara Berg"),
    ("Lukasz", "Lukas"),
    ("Ana", ""),
    ("", ""),
    ("…", "—"),
    ("か", "が"),
    ("Wang 明", "Wang 华"),
]


@pytest.mark.parametrize(("stored", "typed"), SAME)
def test_A5_another_spelling_of_a_name_is_the_same_name(stored: str, typed: str) -> None:
    assert same_name(stored, typed)
    assert same_name(typed, stored)
    assert check_typed_name(typed, stored)
    assert check_typed_name(stored, typed)


@pytest.mark.parametrize(("stored", "typed"), OTHERS)
def test_A5_another_name_is_another(stored: str, typed: str) -> None:
    assert not same_name(stored, typed)
    assert not same_name(typed, stored)
    with pytest.raises(RuleViolation):
        check_typed_name(typed, stored)


@pytest.mark.parametrize(
    ("typed", "stored", "held"),
    [
        ("Dr. Carla Núñez, MD", "Carla M Núñez", True),
        ("Nunez Carla", "Carla M. Núñez", True),
        ("Dana O Brien", "Dana J O’Brien", True),
        ("Sukarno", "Sukarno", True),
        ("Ana Ana", "Ana Ana", True),
        ("Ana", "Ana Ana", False),
        ("Carla", "Carla M Núñez", False),
        ("Wang", "Wang 明", False),
        ("M", "Carla M Núñez", False),
    ],
)
def test_A5_a_signature_holds_every_word_of_the_name_but_initials(typed: str, stored: str, held: bool) -> None:
    assert holds_name(typed, stored) is held


@given(st.text())
def test_A5_a_name_is_the_same_as_itself_in_capitals_and_without_spaces_around(name: str) -> None:
    assert same_name(name, f"  {name} ") == same_name(name, name) == same_name(name, name.swapcase().swapcase())


def test_A18_one_word_is_a_last_name() -> None:
    assert split_name(" Sukarno ") == ("", "Sukarno")
