"""A database in which the toy is a capability like any other, and a worker that runs its processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from activities.core import processes as core_activities
from activities.core.runtime import use_engine
from models.domain import capabilities
from models.domain.capabilities import CAPABILITIES
from models.domain.core.actors import person
from models.domain.core.capability import compose
from models.domain.core.permissions import Principal
from models.migrations.declarations import write_declarations
from models.postgres.database import transaction
from models.queries.core.processes import process_of
from models.store.core.act import Act
from models.tables.core.processes import Process
from models.tables.core.tasks import Task
from tests import tasks_data
from tests.database import Database
from tests.engine.running import relaying
from tests.temporal import TimeSkipping, eventually
from tests.toy import activities, store
from tests.toy.declares import CAPABILITY, ProcessKind
from tests.toy.tables import ToyBase
from tests.toy.workflow import ToyInspection, ToyRecall

Found = TypeVar("Found")
WITH_TOY = compose((*CAPABILITIES, CAPABILITY))


class ToyWorld:
    """One toy, its owner, and both of its processes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with transaction(database.app_engine) as session:
            self.owner: Principal = tasks_data.person(session, "Ola Owner")
            self.toy_id = store.start_toy(self.act(session, "start"), owner_id=self.owner.account_id)

    def act(self, session: Session, cause: str) -> Act:
        return Act(session, person(self.owner.account_id), cause)

    def read(self, question: Callable[[Session], Found]) -> Found:
        with Session(self.database.app_engine, expire_on_commit=False) as session:
            return question(session)

    def process_id(self, kind: ProcessKind) -> UUID:
        return self.read(lambda session: process_of(session, kind=kind, entity_id=self.toy_id))

    def row(self, kind: ProcessKind) -> Process:
        return self.read(lambda session: session.get_one(Process, self.process_id(kind)))

    def task(self, kind: ProcessKind) -> Task:
        return self.read(lambda session: store.task_of(session, kind, self.toy_id))

    def quiet(self) -> bool:
        rows = [self.row(kind) for kind in ProcessKind]
        return all(row.published == row.processed and row.waiting_for != "process" for row in rows)

    def settled(self) -> None:
        eventually(self.quiet, within=20)

    def decide(self, kind: ProcessKind, outcome: str) -> None:
        with transaction(self.database.app_engine) as session:
            task_id = store.task_of(session, kind, self.toy_id).id
            store.decide_check(self.act(session, f"decide/{kind}"), task_id=task_id, outcome=outcome)

    def withdraw(self, kind: ProcessKind) -> None:
        with transaction(self.database.app_engine) as session:
            store.withdraw_toy(self.act(session, f"withdraw/{kind}"), kind=kind, toy_id=self.toy_id)

    def ended(self, kind: ProcessKind) -> bool:
        return eventually(lambda: not self.row(kind).open, within=20)


@contextmanager
def toy_declared(database: Database) -> Iterator[None]:
    """The toy's table and rows, and its rules; afterwards the database has none of it but the names of its kinds."""
    ToyBase.metadata.create_all(database.owner_engine)
    with database.owner_engine.begin() as connection:
        connection.execute(text("GRANT SELECT, INSERT, UPDATE ON toys TO cvms_app, cvms_worker"))
    write_declarations(database.owner_url, WITH_TOY)
    try:
        with patch.object(capabilities, "_DECLARED", WITH_TOY):
            yield
    finally:
        write_declarations(database.owner_url, compose(CAPABILITIES))
        ToyBase.metadata.drop_all(database.owner_engine)


@contextmanager
def toys_alive(time_skipping: TimeSkipping, database: Database) -> Iterator[None]:
    """A worker with the toy's processes, and a relay."""
    use_engine(database.worker_engine)
    effects = [activities.look, activities.settle, activities.clear_away, activities.remind]
    core = [core_activities.read_events, core_activities.close]
    working = time_skipping.working([ToyInspection, ToyRecall], [*effects, *core])
    with working, relaying(time_skipping, database):
        yield
