"""Percentiles, digits and the line of a measure."""

from __future__ import annotations

import json

import pytest

from tests.bench.figures import Figures, Goal, Measure, of_rate, of_times, percentile, tidy


@pytest.mark.parametrize(
    ("values", "percent", "found"),
    [
        ([7.0], 50, 7.0),
        ([7.0], 95, 7.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
        ([float(number) for number in range(1, 101)], 95, 95.0),
        ([float(number) for number in range(1, 101)], 100, 100.0),
        ([float(number) for number in range(1, 21)], 95, 19.0),
        ([5.0, 5.0, 5.0, 900.0], 0, 5.0),
    ],
)
def test_a_percentile_is_one_of_the_values(values, percent, found):
    assert percentile(values, percent) == found


def test_no_values_have_no_percentile():
    with pytest.raises(ValueError, match="no percentile"):
        percentile([], 50)


def test_times_come_in_seconds_and_leave_in_milliseconds():
    assert of_times([0.001, 0.002, 0.004], sql=5) == Figures(3, p50_ms=2.0, p95_ms=4.0, sql=5)


def test_a_rate_is_things_for_seconds():
    assert of_rate(30, 2.0).per_second == 15.0


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0123456, 0.0123), (1.23456, 1.23), (12.3456, 12.3), (123.456, 123), (45678.9, 45679), (0, 0)],
)
def test_three_digits_are_what_a_figure_is_good_for(value, shown):
    assert tidy(value) == shown


def test_a_line_leaves_out_what_does_not_apply():
    measure = Measure("a page", Figures(2, p50_ms=1.5), Figures(2, p50_ms=0.5), ratio=3.0, goal=Goal("quick", met=True))
    assert json.loads(measure.line()) == {
        "measure": "a page",
        "n": 2,
        "p50_ms": 1.5,
        "baseline": {"n": 2, "p50_ms": 0.5},
        "ratio": 3.0,
        "goal": "quick",
        "met": True,
    }


def test_a_line_without_baseline_and_goal_has_neither():
    assert json.loads(Measure("a page", Figures(1, per_second=2.0)).line()) == {
        "measure": "a page",
        "n": 1,
        "per_second": 2.0,
    }
