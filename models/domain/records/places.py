"""Where a ZIP code lies: the states that it fits, and the county that it offers. Read offline, once a process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import zipcodes

_ZIP, _PREFIX = 5, 3


class _Known(NamedTuple):
    """The first three digits of ZIP codes to the states that have such codes, and ZIP codes to state and county."""

    states: Mapping[str, frozenset[str]]
    counties: Mapping[str, tuple[str, str]]


def fits_state(zip_code: str, state: str) -> bool:
    """Whether a ZIP code can be one of a state.

    New codes come up every year within known first digits, so an unknown code is no wrong one.
    """
    return state in _known().states.get(zip_code[:_PREFIX], frozenset())


def county_of(zip_code: str, state: str) -> str | None:
    """The county to offer for a ZIP code of a state; people may know better, since some codes cross a county line."""
    place = _known().counties.get(zip_code[:_ZIP])
    return place[1] if place and place[0] == state else None


@cache
def _known() -> _Known:
    """Half a second, once."""
    states: dict[str, set[str]] = {}
    counties: dict[str, tuple[str, str]] = {}
    for found in zipcodes.list_all():  # type: ignore[no-untyped-call]
        states.setdefault(found["zip_code"][:_PREFIX], set()).add(found["state"])
        if found["county"]:
            name = re.sub(r"\s+county$", "", found["county"], flags=re.IGNORECASE)
            counties[found["zip_code"]] = (found["state"], name)
    return _Known({prefix: frozenset(names) for prefix, names in states.items()}, counties)
