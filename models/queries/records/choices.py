"""Reading the lists of the reference data that people choose from: their codes, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from models.domain.records.values import Choices
from models.reference import load, names


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a list, and how it is called."""

    code: str
    label: str


class _Lists(Mapping[str, frozenset[str]]):
    """The codes of every list of the reference data, each read when it is asked for."""

    def __getitem__(self, name: str) -> frozenset[str]:
        try:
            return _codes(name)
        except LookupError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return (name for name in names(".") if "options" in load(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(load(name)["options"])


def choices() -> Choices:
    """The codes of every list, for the rules that check an answer."""
    return _LISTS


_LISTS = _Lists()


@cache
def options(choice_set: str, language: str) -> tuple[Option, ...]:
    """A list to choose from, in the order of the reference data."""
    listed: dict[str, dict[str, str]] = load(choice_set)["options"]
    return tuple(Option(code, labels.get(language, labels["en"])) for code, labels in listed.items())


def label_of(choice_set: str, code: str, language: str) -> str:
    """What a code is called; the code itself where the list no longer has it."""
    labels: dict[str, str] = load(choice_set)["options"].get(code, {})
    return labels.get(language) or labels.get("en") or code
