"""Reading where ZIP codes lie, from a package that has them offline."""

from __future__ import annotations

import re
from functools import cache

import zipcodes

from models.domain.enrollment.fields import ChoiceSet
from models.domain.records.places import PREFIX_DIGITS, Places
from models.queries.core.reference import choices

HOME_STATE = "NC"


@cache
def places() -> Places:
    """What is known of ZIP codes; read once a process, which takes half a second."""
    states: dict[str, set[str]] = {}
    counties: dict[str, str] = {}
    listed = {county.casefold(): county for county in choices()[ChoiceSet.COUNTIES]}
    for found in zipcodes.list_all():
        states.setdefault(found["zip_code"][:PREFIX_DIGITS], set()).add(found["state"])
        name = re.sub(r"\s+county$", "", found["county"] or "", flags=re.IGNORECASE).casefold()
        if found["state"] == HOME_STATE and name in listed:
            counties[found["zip_code"]] = listed[name]
    return Places({prefix: frozenset(names) for prefix, names in states.items()}, counties)
