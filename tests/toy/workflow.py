"""The procedure of a toy: ask its owner, remind, take the answer over. Both kinds of process follow it."""

from __future__ import annotations

from contextlib import suppress

from temporalio import workflow

from models.domain.core.processes import ProcessStart
from workflows.support.process import DurableProcess, Superseded

with workflow.unsafe.imports_passed_through():
    from tests.toy import activities
    from tests.toy.declares import NextStep, ProcessKind


class ToyProcess(DurableProcess):
    """Ask, wait, settle; clear away what a withdrawn one leaves."""

    async def proceed(self) -> None:
        with suppress(Superseded):
            while not (self.next_step == NextStep.FINISH and await self.close()):
                await self.ask_the_facts(activities.look)
                await self.wait_for_the_owner()
                if self.next_step == NextStep.SETTLE:
                    await self.do(activities.settle)
                elif self.next_step == NextStep.CLEAR_AWAY:
                    await self.do(activities.clear_away)

    async def wait_for_the_owner(self) -> None:
        while self.next_step == NextStep.ASK:
            if await self.events_or_wake():
                await self.do(activities.look)
            else:
                await self.do(activities.remind, self.wake)


@workflow.defn(name=ProcessKind.INSPECTION)
class ToyInspection(ToyProcess):
    @workflow.init
    def __init__(self, start: ProcessStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, _start: ProcessStart) -> None:
        await self.proceed()


@workflow.defn(name=ProcessKind.RECALL)
class ToyRecall(ToyProcess):
    @workflow.init
    def __init__(self, start: ProcessStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, _start: ProcessStart) -> None:
        await self.proceed()
