"""What one fault scenario is: it builds its own stack, does its harm, and says what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a scenario in one line, and every finding in a line of its own; no finding means that all held."""

    figures: str
    problems: list[str] = field(default_factory=list)


Scenario = Callable[[Path, int], Outcome]
"""A module of a scenario offers `run(home, seed)`: `home` is an empty folder of its own, `seed` drives all chance."""
