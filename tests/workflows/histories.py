"""Recorded histories: which lives are recorded, and how. `python -m tests.workflows.histories` records them anew.

A file names the life and the manner in which it was lived; a change of the commands begins a new manner, and the files
of earlier ones stay. Record a life only when it is new. An old history that no longer replays means that running
processes would break: change the workflow with `workflow.patched` instead.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from temporalio.client import WorkflowHistory

from deploy.local.servers.temporal import TemporalServer
from models.domain.enrollment.kinds import EventKind, Outcome
from models.domain.enrollment.lifecycle import NextStep
from tests.temporal import TimeSkipping, eventually, fresh_queue
from tests.workflows.facts import Facts
from tests.workflows.people import Enrollment
from workflows.enrollment import ProviderEnrollment

FOLDER = Path(__file__).parent.parent / "histories"
MANNER = "within_the_step"
"""How lives are lived now: effects run within the step that asks for them. Files without a manner are from before."""
MACHINE = re.compile(r"\b\d+@[\w.-]+?(?=[\"-])")
"""Process number and name of the machine, which are no business of a committed file."""
GATHER, REVIEW, APPROVAL = (
    "enrollment_gather_application",
    "enrollment_request_review",
    "enrollment_request_approval",
)


def approved(one: Enrollment) -> None:
    one.begin()
    one.waits_after(GATHER)
    one.publish(EventKind.SECTIONS_CHANGED)
    one.waits_after(GATHER, 2)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW)
    one.decide(Outcome.RECOMMENDED)
    one.waits_after(APPROVAL)
    one.decide(Outcome.APPROVED)
    one.ends()


def returned_and_denied(one: Enrollment) -> None:
    one.facts.step = NextStep.REVIEW
    one.begin()
    one.waits_after(REVIEW)
    one.decide(Outcome.RETURNED)
    one.waits_after(GATHER)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW, 2)
    one.decide(Outcome.DENIED)
    one.ends()


def chased_and_withdrawn(one: Enrollment) -> None:
    one.facts.plan = {GATHER: {f"reminder_{day}": timedelta(days=day) for day in (3, 7, 14)}}
    one.begin()
    one.waits_after(GATHER)
    one.passes(days=15)
    eventually(lambda: one.facts.done("enrollment_chase") == 3)
    one.withdraw()
    one.ends()


def late_in_review(one: Enrollment) -> None:
    one.facts.step = NextStep.REVIEW
    one.facts.plan = {REVIEW: {"warning": timedelta(days=10), "breach": timedelta(days=14)}}
    one.begin()
    one.waits_after(REVIEW)
    one.passes(days=15)
    eventually(lambda: one.facts.done("enrollment_chase") == 2)
    one.publish(EventKind.SECTIONS_CHANGED)
    one.waits_after(REVIEW, 4)


def rung_with_a_gap(one: Enrollment) -> None:
    one.begin()
    one.waits_after(GATHER)
    one.facts.publish(EventKind.SECTIONS_CHANGED)
    one.decide(Outcome.SUBMITTED)
    one.waits_after(REVIEW)


LIVES: dict[str, Callable[[Enrollment], None]] = {
    life.__name__: life
    for life in (approved, returned_and_denied, chased_and_withdrawn, late_in_review, rung_with_a_gap)
}


def recorded() -> Iterator[tuple[str, WorkflowHistory]]:
    """Every committed history: its name, and what happened."""
    for file in sorted(FOLDER.rglob("*.json")):
        yield file.stem, WorkflowHistory.from_json(file.stem, json.loads(file.read_text(encoding="utf-8")))


def record(names: list[str]) -> None:
    """Live the named lives and write down their histories."""
    folder = Path(tempfile.mkdtemp(prefix="cvms-histories-"))
    with (
        TemporalServer(folder / "t.db", time_skipping=True) as server,
        closing(TimeSkipping(server.address)) as time_skipping,
    ):
        for name in names:
            one = Enrollment(time_skipping, Facts(), fresh_queue())
            with time_skipping.working([ProviderEnrollment], one.facts.activities(), task_queue=one.queue):
                LIVES[name](one)
            kept = json.loads(MACHINE.sub("recorder", time_skipping.history(one.handle).to_json()))
            file = FOLDER / f"ProviderEnrollment.{name}.{MANNER}.json"
            file.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            time_skipping.terminate_all()


if __name__ == "__main__":
    record(sys.argv[1:] or list(LIVES))
