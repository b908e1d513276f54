"""Kill points (K6): every POST and every activity is reached by a story of the kill run, and passes its points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from flask import Flask

from tests.architecture.tree import Module, calls, dotted, report, room
from tests.faults.kill_drivers import ACTIVITIES, POSTS
from tests.faults.kill_targets import READING, UNCHANGING, all_activities, posts_of

DOORS = frozenset({"transaction", "run_step"})
"""How an activity reaches the database: by one of these alone does it pass its points."""


def unreached(names: Iterable[str], driven: Mapping[str, set[str]]) -> list[str]:
    """What no story reaches, and what a story still names though it is gone."""
    reached = {name for story in driven.values() for name in story}
    return [f"{name}: no story reaches it" for name in sorted(set(names) - reached)] + [
        f"{name}: does not exist" for name in sorted(reached - set(names))
    ]


def without_points(modules: Iterable[Module]) -> list[str]:
    """Activities that open no transaction of ours, and so pass no point."""
    return [
        f"{module.path}:{function.name}"
        for module in modules
        for function in module.functions
        if any("activity.defn" in dotted(call.func) for node in function.decorator_list for call in calls(node))
        and not DOORS & {dotted(call.func) for node in function.body for call in calls(node)}
    ]


def test_every_post_is_pressed_in_the_kill_run(routes_app: Flask):
    faults = unreached(posts_of(routes_app), POSTS)
    assert not faults, report(faults, "Let a story of tests/faults/kill_drivers.py press it, and name it in POSTS.")


def test_every_activity_is_needed_in_the_kill_run():
    faults = unreached(all_activities(), ACTIVITIES)
    assert not faults, report(faults, "Let a story of tests/faults/kill_drivers.py need it, and name it in ACTIVITIES.")


def test_every_activity_passes_its_points():
    faults = without_points(room("activities"))
    assert not faults, report(faults, "Do the effect in `take_turn` or in one `transaction`, where it can be killed.")


def test_exceptions_are_of_something_that_exists(routes_app: Flask):
    assert set(all_activities()) >= READING
    assert set(posts_of(routes_app)) >= UNCHANGING


@pytest.mark.parametrize("names", [["a.new"], ["a.known", "a.new"], []])
def test_what_is_not_reached_or_gone_is_noticed(names: list[str]):
    assert unreached(names, {"a story": {"a.known"}})


@pytest.mark.parametrize(("body", "faulty"), [("with transaction(engine()): pass", False), ("requests.post(x)", True)])
def test_an_activity_beside_the_door_is_noticed(body: str, faulty: bool):
    source = f"@activity.defn(name='x')\ndef x(turn):\n    {body}\n"
    assert bool(without_points([Module("activities/x.py", source)])) is faulty
