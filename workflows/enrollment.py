"""The enrollment of a provider organization, from the first section to activation, denial or withdrawal."""

from __future__ import annotations

from contextlib import suppress

from temporalio import workflow

from models.domain.core.processes import ProcessEvent, ProcessEventKind, ProcessStart
from models.domain.enrollment.kinds import EventKind, ProcessKind
from models.domain.enrollment.lifecycle import AFTER_OUTCOME, ASKS_PEOPLE, NextStep
from workflows.support.process import DurableProcess, Effect, Superseded

with workflow.unsafe.imports_passed_through():
    from activities import enrollment as activities


EFFECT_OF_DECISION = {step: effect for step, effect in activities.EFFECTS.items() if step not in ASKS_PEOPLE}
"""What follows from a decision without asking anybody."""


@workflow.defn(name=ProcessKind.PROVIDER_ENROLLMENT)
class ProviderEnrollment(DurableProcess):
    """Gather sections and signatures, review, approve by a second person, act on the decision.

    Every stage first asks the facts whether it is already done, and passes when it is.
    """

    @workflow.init
    def __init__(self, start: ProcessStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, _start: ProcessStart) -> None:
        with suppress(Superseded):
            while not await self.finished():
                await self.ask_the_facts(activities.look)
                await self.gather_sections_and_signatures()
                await self.have_it_reviewed()
                await self.have_it_approved_by_a_second_person()
                await self.act_on_the_decision()

    async def gather_sections_and_signatures(self) -> None:
        """The applicant, coordinators and signers work; reminders chase them, until it is submitted."""
        while self.next_step == NextStep.GATHER:
            await self.do_and_wait(activities.gather_application)

    async def have_it_reviewed(self) -> None:
        """One person reviews; the clock of review warns, and calls the supervisor when it has run out."""
        while self.next_step == NextStep.REVIEW:
            await self.do_and_wait(activities.request_review)

    async def have_it_approved_by_a_second_person(self) -> None:
        """A second person, never the first, approves; the same clock runs on."""
        while self.next_step == NextStep.APPROVE:
            await self.do_and_wait(activities.request_approval)

    async def act_on_the_decision(self) -> None:
        """Return, activate or deny; or clear away what a withdrawn application leaves."""
        if self.next_step in EFFECT_OF_DECISION:
            await self.do(EFFECT_OF_DECISION[NextStep(self.next_step)])

    async def finished(self) -> bool:
        return self.next_step == NextStep.FINISH and await self.close()

    async def do_and_wait(self, effect: Effect) -> None:
        """Do what a stage asks of people, then wait: for news, or for the next reminder, warning or breach."""
        stage, asked = self.next_step, self.asked_people
        self.asked_people = False
        if not asked:
            await self.do(effect)
        if self.next_step != stage:
            return
        if news := await self.events_or_wake():
            self.next_step = next(filter(None, map(implied_step, news)), self.next_step)
        else:
            await self.do(activities.chase, self.wake)


def implied_step(piece: ProcessEvent) -> NextStep | None:
    """The step that a piece of news leads to; None where the stage only has to look again."""
    if piece.kind == EventKind.ENROLLMENT_WITHDRAWN:
        return NextStep.CLEAR_AWAY
    if piece.kind == ProcessEventKind.TASK_DECIDED and piece.outcome is not None:
        return AFTER_OUTCOME.get(piece.outcome)
    return None
