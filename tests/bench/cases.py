"""The enrollments of a bench run: one told by people and the real process, and as many copies as are wanted."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from models.domain.core.actors import person
from models.domain.enrollment.fields import fields_of, steps_of
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import NextStep, SectionKind
from models.store.core.act import Act
from models.store.enrollment.decisions import submit_enrollment
from tests.bench.masses import add_years, copy_enrollment
from tests.bench.people import OpenTask
from tests.bench.stack import BenchStack
from tests.database import Database
from tests.engine.running import LivingStory

PATIENCE = 180.0
OPENED = """
SELECT count(*) AS tasks, extract(epoch FROM max(opened_at) - min(opened_at)) AS seconds
FROM tasks WHERE kind = :kind AND status = 'open' AND opened_at >= :since
"""
WAITING = """
SELECT task.id, task.entity_id, array_agg(section.kind || section.id) AS sections
FROM tasks task JOIN sections section ON section.enrollment_id = task.entity_id
WHERE task.kind = 'review_enrollment' AND task.status = 'open' AND task.version = 1
GROUP BY task.id ORDER BY task.entity_id
"""


class RealStory(LivingStory):
    """The story of the original. Its process is that of the stack's own worker, which may stand still."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.now = datetime.now(UTC)

    def process(self, times: int = 1) -> NextStep:
        wait_until(self.quiet)
        return super().process(times)

    def submit(self) -> None:
        """Submit, and do not wait for the process."""
        self.act(lambda session, key: submit_enrollment(Act(session, person(self.admin), key), enrollment_id=self.id))


class Cases:
    """The cases of one run, on the database of the running parts."""

    def __init__(self, stack: BenchStack, database: Database) -> None:
        self.stack, self.database = stack, database
        self.stack.worker.start()
        self.story = RealStory(database)

    def prepare(self, copies: int, years: int) -> None:
        """Bring the original to its submission and copy it, among the rows of years of finished work.

        Then the worker stands still, and news waits.
        """
        self.story.fill_in()
        self.story.sign_all()
        self.stop_worker()
        self.story.submit()
        copy_enrollment(self.database.owner_engine, self.story.id, first=1, last=copies)
        add_years(self.database.owner_engine, rows=years)

    def stop_worker(self) -> None:
        self.stack.worker.child.stop(timeout=5)

    def drain(self, kind: TaskKind, wanted: int) -> float:
        """Start the worker, and wait until so many tasks of a kind have opened; the seconds from first to last."""
        begun = datetime.now(UTC)
        self.stack.worker.start()
        wait_until(lambda: self._opened(kind, begun)[0] >= wanted)
        return self._opened(kind, begun)[1]

    def waiting(self) -> list[OpenTask]:
        """Every review task that nobody has touched."""
        with self.database.owner_engine.connect() as connection:
            rows = connection.execute(text(WAITING)).all()
        return [OpenTask(row.id, row.entity_id, _note_names(row.sections)) for row in rows]

    def _opened(self, kind: TaskKind, since: datetime) -> tuple[int, float]:
        with self.database.owner_engine.connect() as connection:
            row = connection.execute(text(OPENED), {"kind": kind, "since": since}).one()
        return row.tasks, float(row.seconds or 0)


def _note_names(sections: list[str]) -> tuple[str, ...]:
    return tuple(
        f"note_{UUID(section[1:]).hex}_{field.name}"
        for section in sections
        for step in steps_of(SectionKind(section[0]))
        for field in fields_of(SectionKind(section[0]), step.name)
    )


def wait_until(done: Callable[[], bool], *, every: float = 0.05) -> None:
    """Look again and again; raises `TimeoutError` when it does not come true."""
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(f"not done within {PATIENCE:.0f} s")
        time.sleep(every)
