"""Where a ZIP code lies: the state that it fits, and the county that it offers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ZIP_DIGITS = 5
PREFIX_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of ZIP codes. `states`: the first three digits to the states that have such codes;
    `counties`: a ZIP code of North Carolina to the county that has most of it.

    New codes come up every year within known first digits, so an unknown code is no wrong one.
    """

    states: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counties: Mapping[str, str] = field(default_factory=dict)

    def fits(self, zip_code: str, state: str) -> bool:
        """Whether a ZIP code can be one of this state."""
        return state in self.states.get(zip_code[:PREFIX_DIGITS], frozenset())

    def county(self, zip_code: str) -> str | None:
        """The county to offer for a ZIP code; people may know better, since some codes cross a county line."""
        return self.counties.get(zip_code[:ZIP_DIGITS])
