"""How fast processes move when much waits for them, and how long their histories become."""

from __future__ import annotations

from temporalio.client import WorkflowHandle

from models.domain.enrollment.kinds import Outcome, TaskKind
from tests.bench.bare_temporal import BareTemporal, size_of
from tests.bench.cases import Cases
from tests.bench.figures import Figures, Measure, of_rate

LOCAL = "core_local_activity"
"""The name of the marker that a local activity leaves in a history."""


def measure_new_ones(cases: Cases, bare_steps: Figures, enrollments: int) -> Measure:
    """Submitted enrollments wait, none of their processes has begun; the worker starts."""
    seen = of_rate(enrollments, cases.drain(TaskKind.REVIEW_ENROLLMENT, enrollments))
    return _against("backlog, processes that begin", seen, bare_steps)


def measure_decided_ones(cases: Cases, bare_steps: Figures, decided: int) -> Measure:
    """Decisions wait for processes that rest; the worker starts with nothing in memory and replays each."""
    seen = of_rate(decided, cases.drain(TaskKind.APPROVE_ENROLLMENT, decided))
    return _against("backlog, steps of processes after a decision", seen, bare_steps)


def bare_steps(bare: BareTemporal, workflows: int) -> Figures:
    """Bare workflows of one activity each wait; their worker starts."""
    return of_rate(workflows, bare.drain(workflows))


def _against(name: str, seen: Figures, bare: Figures) -> Measure:
    return Measure(name, seen, bare, ratio=(seen.per_second or 0) / (bare.per_second or 1))


def measure_history(cases: Cases, bare: BareTemporal) -> Measure:
    """The original from its beginning to active locations, against as many signals and activities of a bare one."""
    story = cases.story
    story.process()
    story.decide(story.reviewer("first@state.example"), Outcome.RECOMMENDED)
    story.decide(story.reviewer("second@state.example"), Outcome.APPROVED)
    handle = bare.time_skipping.client.get_workflow_handle(story.workflow_id())
    bare.time_skipping.do(handle.result())
    activities = _count(bare, handle)
    events, size = size_of(bare.time_skipping, handle)
    bare_events, bare_size = bare.history(activities)
    seen = Figures(activities, events=events, bytes=size)
    name = f"history of one enrollment to its approval, {activities} activities"
    return Measure(name, seen, Figures(activities, events=bare_events, bytes=bare_size), ratio=events / bare_events)


def _count(bare: BareTemporal, handle: WorkflowHandle[object, object]) -> int:
    history = bare.time_skipping.do(handle.fetch_history())
    return sum(event.marker_recorded_event_attributes.marker_name == LOCAL for event in history.events)
