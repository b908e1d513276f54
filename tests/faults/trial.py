"""One trial: the stack, clients that tell whole stories, something that harms it, and the judge at the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from models.crypto.sealing import use_secret
from models.postgres.database import make_engine, transaction
from tests.faults.clients import Applicant, Reviewer, World
from tests.faults.journal import Journal
from tests.faults.judge import Verdict, judge, wait_until_quiet
from tests.faults.nemesis import Nemesis, Plan
from tests.faults.recovery import RecoveryClock
from tests.faults.scenario import Outcome
from tests.faults.stack import SECRET, FaultStack
from webapp.cli.demo.people import STAFF, hire

APPLICANTS = 5
LONGEST_STORY = 240.0
BACKLOG_LIMIT = 60.0
BACKLOG = """
SELECT (SELECT count(*) FROM inv.mail WHERE status IN ('waiting', 'sending') AND created_at < to_timestamp(:at))
     + (SELECT count(*) FROM inv.news n JOIN inv.process p USING (process_id)
         WHERE p.open AND n.number > p.heard AND n.created_at < to_timestamp(:at))
"""


@dataclass
class Trial:
    """How long stories may take after the harm, and what is different about this stack."""

    home: Path
    mutant: str = ""
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    longest_story: float = LONGEST_STORY
    world: type[World] = World
    ahead: int = 0
    """By how many seconds PostgreSQL's clock is ahead; the authenticators of people go by the product's clock."""

    def run(self, harm: Callable[[FaultStack, World, Engine], None]) -> tuple[World, Verdict, str]:
        """Harm the stack while clients work; returns what they saw, the verdict, and how long calming down took."""
        use_secret(SECRET)
        with FaultStack(self.home, self.mutant, self.environments) as stack:
            engine = make_engine(stack.owner_url, pool_size=2)
            with transaction(engine) as session:
                for member in STAFF:
                    hire(session, member)
            world = self.world(stack.web_url, stack.mail_url, Journal(self.home / "journal.jsonl"), threading.Event())
            world.ahead = self.ahead
            settled = self._let_clients_work(stack, world, lambda: harm(stack, world, engine))
            quiet = wait_until_quiet(engine)
            verdict = judge(engine, world)
            if quiet is None:
                verdict.problems.append("not quiet within 60 s after the last kill")
            engine.dispose()
        calm = "never" if quiet is None else f"{quiet:.1f}s"
        return world, verdict, f"stories_ended_after={settled:.1f}s quiet_after={calm}"

    def _let_clients_work(self, stack: FaultStack, world: World, harm: Callable[[], None]) -> float:
        """Seconds that the clients needed to end their stories after the harm."""
        applicants = [Applicant(world, number) for number in range(1, APPLICANTS + 1)]
        reviewers = [Reviewer(world, number) for number in range(2)]
        for thread in (*reviewers, *applicants):
            thread.start()
        harm()
        world.over.set()
        stack.heal()
        healed_at = time.monotonic()
        for applicant in applicants:
            applicant.join(max(1.0, healed_at + self.longest_story - time.monotonic()))
            if applicant.is_alive():
                world.report_stuck("an applicant", TimeoutError("its story does not end"))
        for reviewer in reviewers:
            reviewer.done.set()
        return time.monotonic() - healed_at


def kill_and_judge(trial: Trial, plan: Plan, seed: int, *, backlog_within: float | None = None) -> Outcome:
    """A trial with a nemesis; the backlog of its last kill must be gone within so many seconds."""
    found: list[tuple[Nemesis, RecoveryClock, float | None]] = []

    def harm(stack: FaultStack, _world: World, engine: Engine) -> None:
        clock = RecoveryClock(stack.web_url)
        nemesis = Nemesis(stack, plan, clock, seed)
        clock.start()
        nemesis.run()
        stack.heal()
        found.append((nemesis, clock, backlog_gone(engine, nemesis.tally.last_kill_at)))
        clock.stop()

    world, verdict, calm = trial.run(harm)
    nemesis, clock, backlog = found[0]
    problems = [*verdict.problems, *clock.too_late, *(clock.problems() if plan.wait_back else [])]
    if backlog_within is not None and (backlog is None or backlog > backlog_within):
        problems.append(f"the backlog was gone {backlog or BACKLOG_LIMIT:.1f} s after the last kill")
    if plan.kills is not None and nemesis.tally.kills < plan.kills:
        problems.append(f"only {nemesis.tally.kills} of {plan.kills} kills in {plan.seconds:.0f} s")
    gone = "never" if backlog is None else f"{backlog:.1f}s"
    figures = f"{tell(world, verdict, calm)} backlog_gone={gone} {clock.figures()}"
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(nemesis.tally.kinds.items()))
    return Outcome(f"kills={nemesis.tally.kills} ({kinds}) {figures}", problems)


def backlog_gone(engine: Engine, at: float) -> float | None:
    """Seconds after `at` until nothing waited that had waited then; None when that takes too long."""
    while time.time() < at + BACKLOG_LIMIT:
        with engine.connect() as connection:
            if connection.execute(text(BACKLOG), {"at": at}).scalar_one() == 0:
                return time.time() - at
        time.sleep(0.2)
    return None


def tell(world: World, verdict: Verdict, calm: str) -> str:
    """The figures that every trial has."""
    return (
        f"approved={len(world.approved)} acked={len(world.journal.acknowledged())} "
        f"unknown={world.journal.count_unknown()} lost={verdict.lost} dup={verdict.dup} {calm}"
    )
