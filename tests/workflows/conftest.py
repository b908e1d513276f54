"""Fixtures of the process tests: an enrollment with facts in memory, living on the dev server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from models.domain.enrollment.lifecycle import NextStep
from tests.temporal import TimeSkipping, fresh_queue, replay
from tests.workflows.facts import Facts
from tests.workflows.people import Enrollment
from workflows.enrollment import ProviderEnrollment

Begun = Callable[..., Enrollment]


@pytest.fixture
def enrollment(time_skipping: TimeSkipping) -> Iterator[Begun]:
    """Makes enrollments that begin at a step of the facts; what they lived through is replayed at the end."""
    made: list[Enrollment] = []
    with ExitStack() as stack:

        def begun(step: NextStep = NextStep.GATHER, *, begin: bool = True, **facts: Any) -> Enrollment:
            one = Enrollment(time_skipping, Facts(step=step, **facts), fresh_queue())
            stack.enter_context(
                time_skipping.working([ProviderEnrollment], one.facts.activities(), task_queue=one.queue)
            )
            made.append(one)
            if begin:
                one.begin()
            return one

        yield begun
        for one in made:
            if one.handle is not None:
                replay([ProviderEnrollment], time_skipping.history(one.handle))
