"""What the tests cost: the slowest ones, the time of each folder, and how it compares with its budget.

Budgets are seconds of a run on two cores, so half of what the tests of a part take together. A part over its budget
is named; the run fails above three times the budget, since a busy machine is no fault of anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.balance import SECONDS
from tests.versions import OLDEST

TESTS = Path(__file__).parent
CAPABILITY, JOURNEYS = 40.0, 20.0
"""What the tests of one capability may take in all rooms together, and its journeys in a browser beside them."""
ROOMS: dict[str, float] = {
    "activities": 15,
    "architecture": 20,
    "attacks": 40,
    "authorization": 40,
    "bench": 5,
    "canaries": 5,
    "deploy": 40,
    "domain": 10,
    "engine": 40,
    "faults": 10,
    "migrations": 15,
    "models": 10,
    "queries": 10,
    "shots": 5,
    "store": 15,
    "toy": 10,
    "webapp": 40,
    "workflows": 20,
}
"""What belongs to no capability, by its folder."""
CORES = 2
FAILS_ABOVE = 3
SHOWN = 15


def capabilities() -> frozenset[str]:
    """The packages of the web app that show pages."""
    found = {views.parent.name for views in (TESTS.parent / "webapp").rglob("*views.py")}
    return frozenset(found - {"webapp"})


def part_of(nodeid: str, known: frozenset[str]) -> str:
    """Whose budget a test is of: `enrollment`, `journeys of clinics`, or the folder of what has no capability."""
    _tests, room, *below = nodeid.partition("::")[0].split("/")
    name = below[-1].removeprefix("test_").removesuffix(".py") if below else ""
    folder = next((part for part in below[:-1] if part in known), None)
    capability = folder or next((one for one in sorted(known) if f"{name}_".startswith(f"{one}_")), None)
    if room == "journeys":
        return f"journeys of {capability}" if capability else room
    return capability or room.removesuffix(".py")


def budget_of(part: str) -> float:
    """The seconds on two cores that a part may take.

    `journeys` are the stories that walk through several capabilities, so they
    may take what three capabilities' own journeys may.
    """
    if part == "journeys":
        return 3 * JOURNEYS
    if part.startswith("journeys of"):
        return JOURNEYS
    return ROOMS.get(part, CAPABILITY)


def over(parts: Mapping[str, float], *, times: float = 1) -> list[str]:
    """The parts that took more than so many times their budget."""
    return sorted(part for part, seconds in parts.items() if seconds > times * budget_of(part))


class Clock:
    """Adds up what the tests of a run take, where their reports come together."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.tests[report.nodeid] += report.duration

    def files(self) -> dict[str, float]:
        found: Counter[str] = Counter()
        for nodeid, seconds in self.tests.items():
            found[nodeid.partition("::")[0]] += seconds
        return dict(found)

    def parts(self) -> dict[str, float]:
        """Seconds on two cores by whose budget they are of."""
        known, found = capabilities(), Counter[str]()
        for nodeid, seconds in self.tests.items():
            found[part_of(nodeid, known)] += seconds / CORES
        return dict(found)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember for the next order, and fail where it is far too much."""
        if cache := getattr(session.config, "cache", None):
            cache.set(SECONDS, {**cache.get(SECONDS, {}), **self.files()})
        if session.exitstatus == pytest.ExitCode.OK and over(self.parts(), times=FAILS_ABOVE):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if len(self.parts()) > 1:
            terminalreporter.section("what the tests cost")
            for line in self.lines():
                terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        parts = self.parts()
        yield f"The slowest {SHOWN}, in seconds:"
        yield from (f"{seconds:8.1f}  {nodeid}" for nodeid, seconds in self.tests.most_common(SHOWN))
        yield "By part, in seconds on two cores, with the budget:"
        for part, seconds in Counter(parts).most_common():
            yield f"{seconds:8.1f} of {budget_of(part):3.0f}  {part}"
        oldest = sum(seconds for nodeid, seconds in self.tests.items() if OLDEST in nodeid) / CORES
        yield f"{oldest:8.1f} of that on PostgreSQL 15"
        far = over(parts, times=FAILS_ABOVE)
        for part in over(parts):
            yield f"{part} is over its budget of {budget_of(part):.0f} s: share more in its tests, or make it a target."
        if far:
            yield f"More than {FAILS_ABOVE} times the budget, so the run fails: {', '.join(far)}."


def pytest_configure(config: pytest.Config) -> None:
    """Count where the reports of all workers arrive."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Clock(), "cvms-clock")
