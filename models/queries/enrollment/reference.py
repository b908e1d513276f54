"""Reading the reference data of enrollment: the agreement's text, and the offices of those who sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from models.reference import load


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
