"""What every durable process shares: the doorbell, news in order, effects, wake times that move, and the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from models.domain.core.process_steps import CLOSE_PROCESS, READ_EVENTS, SUPERSEDED, StepRequest, StepResult, Wake
from models.domain.core.processes import ProcessEvent, ProcessStart
from workflows.support.policies import (
    EFFECT_LIMIT,
    HELD_BETWEEN_TRIES,
    LONG_HISTORY,
    PAUSE_AFTER_REFUSAL,
    UNTIL_DONE,
)

Told = TypeVar("Told")
EFFECTS_WITHIN_THE_STEP = "effects-within-the-step"
"""The change that made effects local activities; the name stands in recorded histories."""

Effect = Callable[[StepRequest], StepResult]
"""An activity that brings the facts one step further and says where they stand. Doing it again changes nothing."""


class Superseded(Exception):
    """A newer life of this process exists, or it has ended: this run has nothing more to do."""


class DurableProcess:
    """The body of a process. A subclass adds the procedure: `run` and its stages.

    `heard` is the number of the last news that the procedure took in; every effect stores it in its own
    transaction. `next_step` and `wake` are what the facts said last; an empty step is unknown. `asked_people` is
    true when a look has just asked people for what that step wants of them.
    """

    def __init__(self, start: ProcessStart) -> None:
        self.ref = start.ref
        self.processed = start.heard
        self.next_step = ""
        self.wake: Wake | None = None
        self.asked_people = False
        self._buffer = {piece.number: piece for piece in start.pending}

    @workflow.signal
    def ring(self, news: list[ProcessEvent]) -> None:
        """The doorbell: keeps what it got and does nothing else, so it never fails."""
        for piece in news:
            self._buffer.setdefault(piece.number, piece)

    async def ask_the_facts(self, look: Effect) -> None:
        """Learn where this process stands, unless the facts have just said it; an earlier life may have done much.

        Looking asks people for what the stage wants of them, so the stage need not do it once more.
        """
        while not self.next_step:
            await self.do(look)
            self.asked_people = workflow.patched(EFFECTS_WITHIN_THE_STEP)

    async def do(self, effect: Effect, wake: Wake | None = None) -> None:
        """Run one effect until it is done, and keep what the facts say afterwards; nothing, when a rule refused it.

        News that has arrived is heard with it: what it tells of is committed, so the effect sees it.
        """
        self._take_from_buffer()
        self.asked_people = False
        try:
            standing = await self._run(effect, self._turn(wake), StepResult)
        except (ActivityError, ApplicationError) as error:
            await self._rest_after(error)
            self.next_step, self.wake = "", None
        else:
            self.next_step, self.wake = standing.next_step, standing.wake
            self._forget_what_was_never_told(standing.heard)

    async def events_or_wake(self) -> list[ProcessEvent]:
        """Wait for news; returns it in order, without a gap. An empty list means that the wake time came."""
        await self._continue_when_long()
        try:
            await workflow.wait_condition(self._has_events, timeout=self._seconds_to_wake())
        except TimeoutError:
            return []
        if self.processed + 1 not in self._buffer:
            await self._fill_gap()
        return self._take_from_buffer()

    async def close(self) -> bool:
        """End the process in the facts. False when something was told meanwhile: then it is heard now."""
        rest = await self._ask(CLOSE_PROCESS)
        if rest:
            self.processed, self.next_step = rest[-1].number, ""
            return False
        await workflow.wait_condition(workflow.all_handlers_finished)
        return True

    def _turn(self, wake: Wake | None = None) -> StepRequest:
        now = workflow.now()
        as_of = max(now, wake.due_at) if wake else now
        return StepRequest(self.ref, self.processed, as_of, wake.deadline_id if wake else None)

    def _has_events(self) -> bool:
        return any(number > self.processed for number in self._buffer)

    def _take_from_buffer(self) -> list[ProcessEvent]:
        taken = []
        while self.processed + 1 in self._buffer:
            self.processed += 1
            taken.append(self._buffer[self.processed])
        self._buffer = {number: piece for number, piece in self._buffer.items() if number > self.processed}
        return taken

    def _forget_what_was_never_told(self, stored: int | None) -> None:
        """Go back to the number in the facts: a made-up next number must not make the true one look old."""
        if stored is not None:
            self.processed = min(self.processed, stored)

    async def _fill_gap(self) -> None:
        """Read the list where a number is missing. What the list does not know was never told."""
        suspects = set(self._buffer)
        for piece in await self._ask(READ_EVENTS):
            self._buffer[piece.number] = piece
        if self.processed + 1 not in self._buffer:
            self._buffer = {number: piece for number, piece in self._buffer.items() if number not in suspects}

    async def _ask(self, activity: str) -> list[ProcessEvent]:
        try:
            published = await self._run(activity, self._turn(), list[ProcessEvent])
        except (ActivityError, ApplicationError) as error:
            await self._rest_after(error)
            return await self._ask(activity)
        return published

    async def _run(self, activity: Any, turn: StepRequest, published: type[Told]) -> Told:
        """Run an activity within the step of the process that asks for it. An older life puts it into the queue."""
        if workflow.patched(EFFECTS_WITHIN_THE_STEP):
            running = workflow.start_local_activity(
                activity,
                turn,
                result_type=published,
                start_to_close_timeout=EFFECT_LIMIT,
                retry_policy=UNTIL_DONE,
                local_retry_threshold=HELD_BETWEEN_TRIES,
            )
        else:
            running = workflow.start_activity(
                activity, turn, result_type=published, start_to_close_timeout=EFFECT_LIMIT, retry_policy=UNTIL_DONE
            )
        result: Told = await running
        return result

    async def _rest_after(self, error: ActivityError | ApplicationError) -> None:
        """End for a newer life. Where a rule refused: rest, and let the procedure ask the facts again."""
        refusal = error if isinstance(error, ApplicationError) else error.cause
        kind = refusal.type if isinstance(refusal, ApplicationError) else None
        if kind == SUPERSEDED:
            raise Superseded from error
        workflow.logger.error("refused", extra={"refusal": kind})
        await workflow.sleep(PAUSE_AFTER_REFUSAL)

    def _seconds_to_wake(self) -> float | None:
        return max(0.0, (self.wake.due_at - workflow.now()).total_seconds()) if self.wake else None

    async def _continue_when_long(self) -> None:
        info = workflow.info()
        if not info.is_continue_as_new_suggested() and info.get_current_history_length() < LONG_HISTORY:
            return
        await workflow.wait_condition(workflow.all_handlers_finished)
        pending = [self._buffer[number] for number in sorted(self._buffer)]
        workflow.continue_as_new(ProcessStart(self.ref, self.processed, pending))
