"""Telling the story of one application: people act on their days, and the process does what it would have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.actors import ANONYMOUS, Actor, link_holder, person
from models.domain.core.actors import process as process_actor
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.enrollment.lifecycle import ASKS_PEOPLE, NextStep
from models.domain.enrollment.review import StaffDecision
from models.domain.records.notes import FieldNote
from models.queries.core.deadlines import next_deadline
from models.queries.enrollment.process import next_step_of, process_of
from models.queries.operations.demo import LiveTask, live_task, section_a_of, unsigned, version_of
from models.store.core.act import Act
from models.store.enrollment.chase import fire
from models.store.enrollment.decisions import decide, submit_enrollment
from models.store.enrollment.locations import add_location, join_location
from models.store.enrollment.sections import complete_section, save_answers
from models.store.enrollment.signatures import sign_section
from models.store.enrollment.stages import take_step
from models.store.enrollment.start import begin_enrollment, confirm_enrollment
from models.store.operations.demo import set_clock
from webapp.cli.demo.people import make_person


@dataclass
class DemoStory:
    """One application, told day by day. `today` is the true time, days count back from it."""

    session: Session
    today: datetime
    slug: str
    organization: str
    admin: tuple[str, str]
    language: str = "en"
    enrollment_id: UUID = field(init=False)
    admin_id: UUID = field(init=False)
    _acts: int = 0

    def on(self, days_ago: float) -> DemoStory:
        """Go to a day; what the process's deadlines ask for until then happens on the way."""
        moment = self.today - timedelta(days=days_ago)
        while hasattr(self, "enrollment_id"):
            deadline = next_deadline(self.session, self.enrollment_id)
            if deadline is None or deadline.due_at > moment:
                break
            set_clock(self.session, deadline.due_at)
            fire(Act(self.session, self._process(), as_of=deadline.due_at), deadline_id=deadline.deadline_id)
        set_clock(self.session, moment)
        return self

    def begin(self) -> UUID:
        """The organization begins; returns the id of the wish that waits for its confirmation."""
        email, name = self.admin
        return begin_enrollment(
            Act(self.session, ANONYMOUS, self._key()),
            organization_name=self.organization,
            name=name,
            email=email,
            language=self.language,
        )

    def confirm(self) -> DemoStory:
        """The organization begins, confirms, and its administrator has an account."""
        start_id = self.begin()
        email, name = self.admin
        self.admin_id = make_person(self.session, email, name, self.language)
        self.enrollment_id = confirm_enrollment(
            Act(self.session, person(self.admin_id), self._key()),
            start_id=start_id,
            account_id=self.admin_id,
            separate=True,
        )
        return self.let_process_work()

    def list_location(self, name: str, coordinator: tuple[str, str], language: str = "en") -> UUID:
        """The administrator lists a location; its coordinator is invited."""
        email, full_name = coordinator
        section_id = add_location(
            Act(self.session, person(self.admin_id), self._key()),
            enrollment_id=self.enrollment_id,
            name=name,
            coordinator_name=full_name,
            coordinator_email=email,
            language=language,
        )
        self.let_process_work()
        return section_id

    def join(self, section_id: UUID, coordinator: tuple[str, str], language: str = "en") -> UUID:
        """A coordinator accepts; returns the account."""
        account_id = make_person(self.session, *coordinator, language)
        join_location(Act(self.session, person(account_id), self._key()), section_id=section_id, account_id=account_id)
        self.let_process_work()
        return account_id

    def section_a(self) -> UUID:
        """The id of section A."""
        return section_a_of(self.session, self.enrollment_id)

    def fill(self, section_id: UUID, answers: Mapping[str, object], by: UUID, *, complete: bool = True) -> DemoStory:
        """Somebody fills a section in, and declares it complete."""
        version = version_of(self.session, section_id)
        actor = person(by)
        version = save_answers(
            Act(self.session, actor, self._key()), section_id=section_id, version=version, answers=answers
        )
        if complete:
            complete_section(Act(self.session, actor, self._key()), section_id=section_id, version=version)
        return self.let_process_work()

    def sign(self, *sections: UUID) -> DemoStory:
        """Whoever has to sign these sections signs; all sections without an argument."""
        for signature in unsigned(self.session, self.enrollment_id):
            if not sections or signature.section_id in sections:
                sign_section(
                    Act(self.session, link_holder(signature.signature_id), self._key()),
                    signature_id=signature.signature_id,
                    text_hash=signature.text_hash,
                    typed_name=signature.name,
                )
        return self.let_process_work()

    def submit(self) -> DemoStory:
        """The administrator submits everything together."""
        submit_enrollment(Act(self.session, person(self.admin_id), self._key()), enrollment_id=self.enrollment_id)
        return self.let_process_work()

    def review(self, by: UUID, outcome: Outcome, reason: str = "", notes: tuple[FieldNote, ...] = ()) -> DemoStory:
        """A reviewer decides."""
        return self._decide(TaskKind.REVIEW_ENROLLMENT, by, StaffDecision(outcome, reason, notes))

    def approve(self, by: UUID) -> DemoStory:
        """The second person approves."""
        return self._decide(TaskKind.APPROVE_ENROLLMENT, by, StaffDecision(Outcome.APPROVED))

    def _decide(self, kind: TaskKind, by: UUID, decision: StaffDecision) -> DemoStory:
        task, act = self.task(kind), Act(self.session, person(by), self._key())
        decide(act, task_id=task.task_id, version=task.version, decision=decision)
        return self.let_process_work()

    def task(self, kind: TaskKind) -> LiveTask:
        """The live task of a kind."""
        return live_task(self.session, self.enrollment_id, kind)

    def let_process_work(self) -> DemoStory:
        """Do what the process would do now, until it waits for people."""
        act, asked = Act(self.session, self._process()), False
        while not asked and (step := next_step_of(self.session, self.enrollment_id)) is not NextStep.FINISH:
            take_step(act, enrollment_id=self.enrollment_id, steps={step})
            asked = step in ASKS_PEOPLE
        return self

    def _process(self) -> Actor:
        return process_actor(process_of(self.session, self.enrollment_id))

    def _key(self) -> str:
        self._acts += 1
        return f"demo/{self.slug}/{self._acts}"
