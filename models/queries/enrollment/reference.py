"""Reading the reference data that pages show: lists to choose from, and the agreement's text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from models.domain.records.values import Choices
from models.reference import load, names


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a list, and how it is called."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the agreement."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of the provider agreement in one language."""

    version: str
    title: str
    closing: str
    conditions: tuple[Condition, ...]


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


def signer_roles(roles: Sequence[str], language: str) -> str:
    """The offices in which somebody signs, within a sentence."""
    known = load("signer_roles")
    labels = [known["options"][role].get(language) or known["options"][role]["en"] for role in roles]
    return f" {known['and'].get(language) or known['and']['en']} ".join(labels)


@cache
def agreement(language: str, version: str | None = None) -> Agreement:
    """The provider agreement in a language; the newest version, unless an older one was signed."""
    versions = load("provider_agreement")
    found = next((entry for entry in versions if entry["version"] == version), versions[-1])
    return Agreement(
        version=found["version"],
        title=found["title"].get(language) or found["title"]["en"],
        closing=found["closing"].get(language) or found["closing"]["en"],
        conditions=tuple(Condition(entry["key"], entry.get(language) or entry["en"]) for entry in found["conditions"]),
    )
