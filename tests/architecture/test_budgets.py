"""What the tests cost is counted for the right part, compared with its budget, and used for the order of a run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.architecture.tree import ROOT
from tests.balance import longest_first, unit_of
from tests.budgets import CAPABILITY, JOURNEYS, ROOMS, Clock, budget_of, capabilities, over, part_of
from tests.versions import ON_BOTH

KNOWN = frozenset({"enrollment", "clinics"})


def test_every_room_of_tests_has_a_budget_and_every_budget_a_room():
    rooms = {file.relative_to(ROOT / "tests").parts[0] for file in (ROOT / "tests").rglob("test_*.py")}
    assert rooms - {"journeys"} == ROOMS.keys()


def test_capabilities_are_found_in_the_tree():
    assert {"enrollment", "identity"} <= capabilities()


@pytest.mark.parametrize(
    ("nodeid", "part"),
    [
        ("tests/store/enrollment/test_mail.py::test_x[pg18]", "enrollment"),
        ("tests/store/enrollment/test_mail.py::test_x", "enrollment"),
        ("tests/webapp/enrollment/applicant/test_home.py::test_x", "enrollment"),
        ("tests/domain/enrollment/test_lifecycle.py::test_x", "enrollment"),
        ("tests/domain/test_enrollments.py::test_x", "domain"),
        ("tests/journeys/clinics/test_apply.py::test_x", "journeys of clinics"),
        ("tests/journeys/test_apply.py::test_x", "journeys"),
        ("tests/deploy/test_stack.py::test_x", "deploy"),
    ],
)
def test_a_test_is_of_its_capability_wherever_it_stands(nodeid: str, part: str):
    assert part_of(nodeid, KNOWN) == part


def test_a_budget_is_that_of_the_room_the_capability_or_its_journeys():
    assert budget_of("deploy") == ROOMS["deploy"]
    assert budget_of("clinics") == CAPABILITY
    assert budget_of("journeys of clinics") == JOURNEYS
    assert budget_of("journeys") == 3 * JOURNEYS


def test_what_is_over_its_budget_is_named_and_three_times_as_much_fails():
    parts = {"clinics": CAPABILITY + 1, "deploy": 1.0, "journeys of clinics": 3 * JOURNEYS + 1}
    assert over(parts) == ["clinics", "journeys of clinics"]
    assert over(parts, times=3) == ["journeys of clinics"]


@pytest.mark.parametrize(("seconds", "status"), [(239.0, 0), (241.0, 1)])
def test_the_run_fails_above_three_times_the_budget_of_two_cores(seconds: float, status: int):
    clock = Clock()
    clock.pytest_runtest_logreport(
        SimpleNamespace(nodeid="tests/store/enrollment/test_mail.py::test_x", duration=seconds)
    )
    session = SimpleNamespace(config=SimpleNamespace(cache=None), exitstatus=0)
    clock.pytest_sessionfinish(session)
    assert session.exitstatus == status
    assert any("over its budget" in line for line in clock.lines())
    assert any("the run fails" in line for line in clock.lines()) is bool(status)


def made(nodeid: str, *marks: str) -> SimpleNamespace:
    return SimpleNamespace(nodeid=nodeid, iter_markers=lambda: [SimpleNamespace(name=mark) for mark in marks])


def test_what_takes_longest_comes_first_and_stays_together():
    items = [
        made("tests/a.py::one"), made("tests/a.py::two"), made("tests/b.py::one", "stack"),
        made("tests/journeys/x.py::one", "journey"), made("tests/c.py::one"),
        made("tests/journeys/y.py::one", "journey"),
    ]  # fmt: skip
    found = [item.nodeid.removeprefix("tests/") for item in longest_first(items, {"tests/c.py": 30.0})]
    assert found == ["journeys/x.py::one", "journeys/y.py::one", "c.py::one", "b.py::one", "a.py::one", "a.py::two"]
    assert unit_of("tests/journeys/x.py::one") == unit_of("tests/journeys/y.py::one")


def test_what_runs_on_both_versions_of_the_database_is_there():
    gone = [part for part in ON_BOTH if not (ROOT / "tests" / part).exists()]
    assert not gone, f"has it moved? {gone}"
