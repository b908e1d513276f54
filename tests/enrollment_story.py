"""An enrollment of the tests, brought as far as a test wants it: what people do, and what the process does after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.domain.core.actors import ANONYMOUS, SYSTEM, link_holder, person
from models.domain.core.actors import process as process_actor
from models.domain.core.permissions import Role, ScopeType
from models.domain.core.tasks import LIVE
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import ASKS_PEOPLE, NextStep, SectionKind
from models.domain.enrollment.review import StaffDecision
from models.postgres.database import transaction
from models.queries.enrollment.process import next_step_of, process_of
from models.store.core.act import Act
from models.store.enrollment.decisions import decide, submit_enrollment
from models.store.enrollment.locations import add_location, join_location
from models.store.enrollment.sections import complete_section, save_answers
from models.store.enrollment.signatures import sign_section
from models.store.enrollment.stages import take_step
from models.store.enrollment.start import begin_enrollment, confirm_enrollment
from models.store.identity.accounts import create_account
from models.store.identity.grants import grant_role
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from tests.database import Database

T = TypeVar("T")
START = datetime(2026, 3, 2, 15, tzinfo=UTC)
"""A Monday morning in North Carolina."""

SECTION_A: dict[str, object] = {
    "legal_name": "Blue Ridge Family Practice",
    "location_count": "1",
    "phone": "919 555 0100",
    "email": "office@blueridge.example",
    "street": "12 Main Street",
    "city": "Boone",
    "county": "Watauga",
    "state": "NC",
    "zip": "28607",
    **{
        f"{officer}_{name}": value
        for officer in ("cmo", "ceo")
        for name, value in {
            "first_name": "Carla" if officer == "cmo" else "Erik",
            "last_name": "Núñez" if officer == "cmo" else "Olsen",
            "phone": "919 555 0101",
            "email": f"{officer}@blueridge.example",
            "street": "12 Main Street",
            "city": "Boone",
            "state": "NC",
            "zip": "28607",
        }.items()
    },
    "cmo_title": "MD",
    "cmo_license_state": "NC",
    "cmo_license_number": "2019-01234",
    "cmo_language": "es",
}
SECTION_B: dict[str, object] = {
    "provider_type": "12",
    "coordinator_phone": "919 555 0102",
    "backup_first_name": "Bo",
    "backup_last_name": "Kane",
    "backup_phone": "919 555 0103",
    "backup_email": "bo@blueridge.example",
    "refrigerated_vials": "40",
    "frozen_vials": "0",
    "ultra_frozen_vials": "0",
}


class EnrollmentStory:
    """One enrollment. People act as the web app's role, the process as the worker's."""

    def __init__(self, database: Database, *, language: str = "en", email: str = "ana@blueridge.example") -> None:
        self.database = database
        self.now = START
        self.start_id = self.act(
            lambda session, key: begin_enrollment(
                Act(session, ANONYMOUS, key),
                organization_name="Blue Ridge",
                name="Ana Ruiz",
                email=email,
                language=language,
            )
        )
        self.admin = self.account(email, language=language)
        self.id = self.act(
            lambda session, key: confirm_enrollment(
                Act(session, person(self.admin), key), start_id=self.start_id, account_id=self.admin, separate=True
            )
        )

    def act(self, do: Callable[[Session, str], T]) -> T:
        """One transaction of a person, with a fresh form token."""
        with transaction(self.database.app_engine) as session:
            return do(session, uuid4().hex)

    def read(self, do: Callable[[Session], T]) -> T:
        with Session(self.database.app_engine, expire_on_commit=False) as session:
            return do(session)

    def account(self, email: str, *, language: str = "en", role: Role | None = None, name: str = "Ana Ruiz") -> UUID:
        """An account; with a role in the enrollment team it is active, else it cannot sign in."""

        def make(session: Session, key: str) -> UUID:
            account_id = create_account(
                Act(session, SYSTEM, key),
                email=email,
                name=name,
                language=language,
                password="seven quiet herons wading" if role else None,
            )
            if role is not None:
                grant_role(
                    Act(session, SYSTEM, key),
                    account_id=account_id,
                    role=role,
                    scope_type=ScopeType.TEAM,
                    scope_id="enrollment",
                    org_id=None,
                    because="test",
                )
            return account_id

        return self.act(make)

    def second_administrator(self, email: str = "bea@blueridge.example") -> UUID:
        """Another account that administers the same organization."""
        account_id = self.account(email, name="Bea Ruiz")
        org_id = self.read(lambda session: session.get_one(Enrollment, self.id).org_id)
        self.act(
            lambda session, key: grant_role(
                Act(session, SYSTEM, key),
                account_id=account_id,
                role=Role.ORG,
                scope_type=ScopeType.ORGANIZATION,
                scope_id=org_id,
                org_id=org_id,
                because="test",
            )
        )
        return account_id

    def apply(self) -> None:
        """From the first form to the submission."""
        self.fill_in()
        self.sign_all()
        self.submit()

    def process(self, times: int = 1) -> NextStep:
        """What the process does about the facts as they are; more than once to see that nothing is repeated."""
        for _ in range(times):
            step = self._one_step()
            while step not in ASKS_PEOPLE | {NextStep.FINISH}:
                step = self._one_step()
        return step

    def _one_step(self) -> NextStep:
        with transaction(self.database.worker_engine) as session:
            step = next_step_of(session, self.id)
            if step is NextStep.FINISH:
                return step
            actor = process_actor(process_of(session, self.id))
            take_step(Act(session, actor, as_of=self.now), enrollment_id=self.id, steps={step})
            session.flush()
            after = next_step_of(session, self.id)
        return after if after is step else self._one_step()

    def section(self, kind: SectionKind = SectionKind.A) -> Section:
        """The first section of a kind."""
        statement = select(Section).where(
            Section.enrollment_id == self.id, Section.kind == kind, Section.removed_at.is_(None)
        )
        return self.read(lambda session: session.execute(statement.order_by(Section.created_at)).scalars().first())

    def tasks(self, kind: TaskKind | None = None) -> list[Task]:
        """The live tasks."""
        statement = select(Task).where(Task.entity_id == self.id, Task.status.in_(LIVE))
        if kind is not None:
            statement = statement.where(Task.kind == kind)
        return self.read(lambda session: list(session.execute(statement.order_by(Task.opened_at)).scalars()))

    def signatures(self) -> list[Signature]:
        """The signatures that were not superseded."""
        statement = select(Signature).where(Signature.enrollment_id == self.id, Signature.superseded_at.is_(None))
        return self.read(lambda session: list(session.execute(statement.order_by(Signature.created_at)).scalars()))

    def list_location(self, name: str = "Boone", email: str = "coco@blueridge.example") -> UUID:
        return self.act(
            lambda session, key: add_location(
                Act(session, person(self.admin), key),
                enrollment_id=self.id,
                name=name,
                coordinator_name="Coco Lane",
                coordinator_email=email,
                language="es",
            )
        )

    def join(self, section_id: UUID, email: str = "coco@blueridge.example") -> UUID:
        account_id = self.account(email, name="Coco Lane", language="es")
        self.act(
            lambda session, key: join_location(
                Act(session, person(account_id), key), section_id=section_id, account_id=account_id
            )
        )
        return account_id

    def save(self, section_id: UUID, answers: dict[str, object], by: UUID | None = None) -> int:
        def do(session: Session, key: str) -> int:
            version = session.get_one(Section, section_id).version
            actor = person(by or self.admin)
            return save_answers(Act(session, actor, key), section_id=section_id, version=version, answers=answers)

        return self.act(do)

    def complete(self, section_id: UUID, by: UUID | None = None) -> None:
        def do(session: Session, key: str) -> None:
            version = session.get_one(Section, section_id).version
            complete_section(Act(session, person(by or self.admin), key), section_id=section_id, version=version)

        self.act(do)

    def sign(self, signature: Signature) -> None:
        self.act(
            lambda session, key: sign_section(
                Act(session, link_holder(uuid4()), key),
                signature_id=signature.id,
                text_hash=signature.text_hash,
                typed_name=signature.name,
            )
        )

    def fill_in(self) -> None:
        """From the beginning to both sections complete, one location."""
        section_b = self.list_location()
        self.process()
        coordinator = self.join(section_b)
        self.save(section_b, SECTION_B, coordinator)
        self.complete(section_b, coordinator)
        self.save(self.section().id, SECTION_A)
        self.complete(self.section().id)
        self.process()

    def sign_all(self) -> None:
        for signature in self.signatures():
            if signature.signed_at is None:
                self.sign(signature)
        self.process()

    def submit(self) -> None:
        self.act(lambda session, key: submit_enrollment(Act(session, person(self.admin), key), enrollment_id=self.id))
        self.process()

    def reviewer(self, email: str = "rev@state.example", role: Role = Role.REV) -> UUID:
        return self.account(email, role=role, name=email.split("@", maxsplit=1)[0])

    def decide(self, by: UUID, outcome: Outcome, **rest: object) -> None:
        """Decide the review or the approval, whichever is open."""
        task = next(
            one for one in self.tasks() if one.kind in (TaskKind.REVIEW_ENROLLMENT, TaskKind.APPROVE_ENROLLMENT)
        )
        self.act(
            lambda session, key: decide(
                Act(session, person(by), key),
                task_id=task.id,
                version=task.version,
                decision=StaffDecision(outcome, **rest),
            )
        )
        self.process()

    def pass_days(self, days: float) -> None:
        """Let the process's clock go on; the database's stays."""
        self.now += timedelta(days=days)
