"""A measure and its line: percentiles, the ratio to its baseline, and whether a goal is met. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is meant to reach, in words, and whether it does."""

    words: str
    met: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What was seen of one thing. What does not apply is None and is left out of the line."""

    n: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    per_second: float | None = None
    sql: int | None = None
    events: float | None = None
    bytes: float | None = None

    def as_json(self) -> dict[str, float]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: tidy(value) for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a run: the figures, those of the bare baseline, and how many times the first is the second."""

    name: str
    seen: Figures
    baseline: Figures | None = None
    ratio: float | None = None
    goal: Goal | None = None

    def line(self) -> str:
        """The measure as one line of JSON."""
        said: dict[str, object] = {"measure": self.name, **self.seen.as_json()}
        if self.baseline is not None:
            said["baseline"] = self.baseline.as_json()
        if self.ratio is not None:
            said["ratio"] = tidy(self.ratio)
        if self.goal is not None:
            said |= {"goal": self.goal.words, "met": self.goal.met}
        return json.dumps(said)


def of_times(seconds: Sequence[float], *, sql: int | None = None) -> Figures:
    """The figures of repeated runs of one thing, each given in seconds."""
    times = [1000 * one for one in seconds]
    return Figures(len(times), percentile(times, 50), percentile(times, 95), sql=sql)


def of_rate(n: int, seconds: float) -> Figures:
    """The figures of `n` things done in so long."""
    return Figures(n, per_second=n / seconds)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values, no percentile")
    rank = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]


def tidy(value: float) -> float:
    """As many digits as the figure is good for."""
    if isinstance(value, int) or value == 0:
        return value
    digits = 2 - math.floor(math.log10(abs(value)))
    return round(value, max(0, digits)) if digits > 0 else round(value)
