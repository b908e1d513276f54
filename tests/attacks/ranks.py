"""Whether two series of times differ: the Mann-Whitney test by its normal approximation, with ties corrected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import sqrt
from statistics import NormalDist


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sided p-value; good from about 20 values in each series."""
    ordered = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks_of_first, ties, before = 0.0, 0, 0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        members = list(group)
        middle = before + (len(members) + 1) / 2
        ranks_of_first += middle * sum(1 for _, series in members if series == 0)
        ties += len(members) ** 3 - len(members)
        before += len(members)
    return _p_value(ranks_of_first, ties, len(first), len(second))


def _p_value(ranks_of_first: float, ties: int, one: int, two: int) -> float:
    total = one + two
    u = ranks_of_first - one * (one + 1) / 2
    spread = sqrt(one * two / 12 * (total + 1 - ties / (total * (total - 1))))
    if spread == 0:
        return 1.0
    away = max(0.0, abs(u - one * two / 2) - 0.5) / spread
    return 2 * (1 - NormalDist().cdf(away))
