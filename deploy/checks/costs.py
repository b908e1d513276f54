"""What it costs to add something, in files: read from the guide, held against the most that it may be."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path("docs/adding-a-process.md")
MOST: Mapping[str, int] = {"A field": 4, "A mail": 2, "A page": 4, "A task kind": 5, "A process": 9}
"""The most files that each may cost; more is a fault of the core."""
_ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| `(?P<toy>[^`]+)` \|")


@dataclass(frozen=True)
class Cost:
    """The files that one thing costs, and where the toy has each."""

    thing: str
    files: tuple[str, ...]
    toy: tuple[str, ...]

    @property
    def too_much(self) -> bool:
        return len(set(self.files)) > MOST[self.thing]


def costs(guide: str) -> list[Cost]:
    """What the guide says of each thing; one that it does not name costs nothing, which is a fault too."""
    parts = re.split(r"^## ", guide, flags=re.MULTILINE)[1:]
    sections = {part.splitlines()[0].strip(): part for part in parts}
    return [_cost(thing, sections.get(thing, "")) for thing in MOST]


def _cost(thing: str, section: str) -> Cost:
    rows = [found for line in section.splitlines() if (found := _ROW.match(line))]
    return Cost(thing, tuple(row["file"] for row in rows), tuple(row["toy"] for row in rows))


def check_costs() -> bool:
    """Print the number of files of each thing; False where one costs too much or is not in the guide."""
    found = costs(GUIDE.read_text(encoding="utf-8"))
    for cost in found:
        sys.stdout.write(f"   {cost.thing.lower()}: {len(set(cost.files))} files, at most {MOST[cost.thing]}\n")
    return not any(cost.too_much or not cost.files for cost in found)
