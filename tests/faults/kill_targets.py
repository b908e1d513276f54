"""What has to die: every POST and every activity of the product, and the loops beside, each with its points."""

from __future__ import annotations

from flask import Flask

import activities
from tests.faults.kill_install import AFTER_ACCEPTANCE, BEFORE_ANSWER, BEFORE_COMMIT, BEFORE_EFFECT, LOOPS
from tests.faults.kill_switch import Fault
from workflows.engine.discovery import ACTIVITY_MARK, activities_in

POINTS = (BEFORE_EFFECT, BEFORE_COMMIT, BEFORE_ANSWER)
READING = frozenset({"read_news"})
"""Activities that change nothing, and so have no commit of a change to die before."""
UNCHANGING = frozenset({"identity.kept_recovery_codes"})
"""POSTs whose view writes nothing by a transaction of its own."""

LATER = {"enrollment_gather_application": (1, 2), "relay": (1, 3), "audit_sealer": (1, 2)}
"""At which passings of one life of the worker it dies, where that is not the first alone."""


def posts_of(app: Flask) -> list[str]:
    """The endpoint of every route that takes a POST."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())})


def all_activities() -> list[str]:
    """The name of every activity."""
    return sorted(getattr(found, ACTIVITY_MARK).name for found in activities_in(activities))


def points_of_post(endpoint: str) -> list[str]:
    """The points of one POST, in the order in which they are passed."""
    return _points(endpoint, reads=endpoint in UNCHANGING)


def faults_of_worker() -> list[Fault]:
    """Where each activity and each loop dies, and the sender when a mail was taken but not noted."""
    points = [(name, _points(name, reads=name in READING)) for name in all_activities()]
    points += [(name, _points(name, reads=False)) for name in LOOPS.values()]
    faults = [Fault(point, n) for name, found in points for point in found for n in LATER.get(name, (1,))]
    return [*faults, Fault(AFTER_ACCEPTANCE, 1)]


def _points(name: str, *, reads: bool) -> list[str]:
    return [f"{name}.{point}" for point in POINTS if not (reads and point == BEFORE_COMMIT)]
