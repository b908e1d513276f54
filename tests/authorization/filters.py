"""Every filter behind the gates, each with how it is taken away and the person and route that must notice."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType
from unittest.mock import PropertyMock, patch

from sqlalchemy import Uuid, bindparam, true

import models.queries
from models.domain.core.permissions import Reach
from models.queries.core.task_rows import TASK_ROWS
from models.queries.enrollment.application import find_application
from models.queries.identity import sessions
from models.queries.identity.sessions import SignedIn
from models.tables.core.tasks import Task
from models.tables.identity.accounts import SessionRow
from tests.authorization.people import Proof

WHOLE = Reach(allowed=True, everything=True)
TAKES = frozenset({"Reach", "Principal", "Desk", "Shape"})
_ANY_TASK = TASK_ROWS.where(Task.id == bindparam("task_id", type_=Uuid()))


@dataclass(frozen=True, slots=True)
class Mutant:
    """A check that is not made any more. Somebody of `role` with `proof`, at `endpoint`, must see another answer."""

    removed: str
    change: Callable[[], AbstractContextManager[object]]
    role: str
    endpoint: str
    proof: Proof = Proof.WHOLE


def _any_account() -> AbstractContextManager[object]:
    return patch.object(sessions, "BY_HASH", sessions.SESSIONS.where(SessionRow.ended_at.is_(None)))


def _ended_too() -> AbstractContextManager[object]:
    return patch.object(sessions, "BY_HASH", sessions.SESSIONS)


def _always(name: str, value: bool) -> Callable[[], AbstractContextManager[object]]:
    return lambda: patch.object(SignedIn, name, PropertyMock(return_value=value))


def _instead(target: str, replacement: object) -> Callable[[], AbstractContextManager[object]]:
    return lambda: patch(target, replacement)


def _whole_application(session: object, enrollment_id: object, reach: Reach) -> object:
    return find_application(session, enrollment_id, WHOLE)


MUTANTS = (
    Mutant("the second factor", _always("half", False), "REV", "tasks.inbox", Proof.HALF),
    Mutant("the end of an idle session", _always("expired", False), "ORG", "enrollment.home", Proof.IDLE),
    Mutant("the fresh proof", _always("fresh", True), "REV", "identity.end_other_sessions", Proof.STALE),
    Mutant("the end of a session", _ended_too, "ORG", "enrollment.home", Proof.ENDED),
    Mutant("the status of the account", _any_account, "AUD", "identity.account", Proof.DISABLED),
    Mutant("every reach", _instead("webapp.core.permissions.reach", lambda *_: WHOLE), "AUD", "tasks.inbox"),
    Mutant(
        "the reach of an enrollment",
        _instead("models.queries.enrollment.application._enrollment_within", lambda _reach: true()),
        "ORG",
        "enrollment.record",
    ),
    Mutant(
        "the sections within reach",
        _instead("webapp.enrollment.reading.find_application", _whole_application),
        "ORG",
        "enrollment.application",
    ),
    Mutant(
        "the reach of state staff's record",
        _instead("webapp.enrollment.staff.record._staff_reach", lambda: WHOLE),
        "LOC",
        "enrollment.record",
    ),
    Mutant("the sight of tasks", _instead("models.queries.core.tasks.ONE_IN_SIGHT", _ANY_TASK), "ORG", "tasks.task"),
    Mutant(
        "the candidates of a task",
        _instead("webapp.tasks.inbox_views._refuse_out_of_reach", lambda _id, *_refusals: None),
        "ALC",
        "tasks.claim",
    ),
    Mutant(
        "the refusal of a task",
        _instead("models.queries.core.task_rows.refusal", lambda *_, **__: None),
        "SUP",
        "tasks.claim",
    ),
)

COVERED = {
    "core.inbox.desk_of": "makes the desk; what it shows is judged by `in_sight`, `refusal` and the lists",
    "core.inbox._of_places": "part of `own_conditions`; mutant of test_below_the_web.py",
    "core.inbox.own_conditions": "mutant of test_below_the_web.py",
    "core.inbox.sight_values": "mutant: the sight of tasks",
    "enrollment.application.enrollments_within": "mutant: the reach of an enrollment",
    "enrollment.application.find_application": "mutant: the sections within reach",
    "enrollment.application._application": "shows what `find_application` found",
    "enrollment.application._enrollment_within": "mutant: the reach of an enrollment",
    "enrollment.application.enrollment_of_section": "mutant of test_below_the_web.py",
    "enrollment.application.place_of_signature": "mutant of test_below_the_web.py",
    "enrollment.application.enrollment_of_task": "mutant of test_below_the_web.py",
    "core.tasks.list_tasks": "lists what `_bases` says",
    "core.tasks.count_tasks": "counts what is listed; tests/queries/core/test_tasks.py",
    "core.tasks._newest_opening": "a time of what is listed; tests/queries/core/test_tasks.py",
    "core.tasks.count_new_tasks": "counts what is listed; tests/queries/core/test_tasks.py",
    "core.tasks.find_next": "finds what `_bases` says; tests/webapp/tasks/test_page.py",
    "core.tasks.find_task": "mutant: the sight of tasks",
    "core.tasks._conditions": "narrows `_bases`",
    "core.tasks._bases": "mutant of test_below_the_web.py",
    "core.workload.team_loads": "counts what the lists of the team hold; tests/webapp/tasks/test_homes.py",
    "core.task_rows.as_row": "mutant: the refusal of a task",
}
"""Every query that takes a person's reach, and what notices when it takes no care of it."""


def filters() -> Iterator[str]:
    """The queries that say by their parameters that they depend on who asks, found in the code."""
    room = f"{models.queries.__name__}."
    for found in pkgutil.walk_packages(models.queries.__path__, room):
        module = import_module(found.name)
        for name, function in vars(module).items():
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                kinds = {str(one.annotation) for one in inspect.signature(function).parameters.values()}
                if kinds & TAKES:
                    yield f"{found.name.removeprefix(room)}.{name}"
