"""`make bench`: one line of JSON for each measure, each beside its bare baseline of the same run.

ARGS: --quick for small numbers, and names of groups (starting, inbox, cases) to run only these.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.crypto.sealing import use_secret
from tests.bench import decisions, inbox, processes, starting
from tests.bench.bare_temporal import BareTemporal
from tests.bench.cases import Cases
from tests.bench.figures import Measure
from tests.bench.stack import SECRET, BenchStack

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Numbers:
    """How often each thing is done."""

    starts: int = 2
    pages: int = 300
    many_tasks: int = inbox.MANY
    one_by_one: int = 105
    accepted_at_rest: int = 480
    accepted_at_work: int = 240
    presses: int = 3200
    bare_workflows: int = 300
    years: int = 200_000

    @property
    def cases(self) -> int:
        return self.one_by_one + self.accepted_at_rest + self.accepted_at_work + 1


QUICK = Numbers(1, 40, 10_000, 20, 64, 32, 320, 60, 20_000)


def measure_starting(home: Path, numbers: Numbers) -> Iterator[Measure]:
    """The stack as `make run` starts it."""
    yield from starting.measure(home, times=numbers.starts)


def measure_inbox(home: Path, numbers: Numbers) -> Iterator[Measure]:
    """The inbox, on a database of its own."""
    with BenchStack(home / "inbox") as stack:
        yield from inbox.measure(stack, pages=numbers.pages, many=numbers.many_tasks)


def measure_cases(home: Path, numbers: Numbers) -> Iterator[Measure]:
    """Everything that happens to cases, on one running stack."""
    use_secret(SECRET)
    with BenchStack(home / "cases") as stack:
        stack.start_web()
        cases = Cases(stack, stack.place.database)
        bare = BareTemporal(stack, cases.database)
        steps = processes.bare_steps(bare, numbers.bare_workflows)
        cases.prepare(numbers.cases, numbers.years)
        yield processes.measure_new_ones(cases, steps, numbers.cases + 1)
        tasks = iter([task for task in cases.waiting() if task.entity_id != cases.story.id])
        statements = decisions.statements_of_one(cases, next(tasks))
        alone = [next(tasks) for _ in range(numbers.one_by_one)]
        yield from decisions.measure_one_client(cases, bare, alone, sql=statements)
        reviewers = decisions.hire(cases, CLIENTS)
        rate = decisions.bare_rate(stack.bare_port, CLIENTS, numbers.presses)
        at_work = [next(tasks) for _ in range(numbers.accepted_at_work)]
        yield decisions.measure_many_clients(reviewers, at_work, rate, while_what="everything running")
        time.sleep(2)
        cases.stop_worker()
        at_rest = [next(tasks) for _ in range(numbers.accepted_at_rest)]
        yield decisions.measure_many_clients(reviewers, at_rest, rate, while_what="the worker stopped")
        yield processes.measure_decided_ones(cases, steps, len(at_rest))
        yield processes.measure_history(cases, bare)


GROUPS: dict[str, Callable[[Path, Numbers], Iterator[Measure]]] = {
    "starting": measure_starting,
    "inbox": measure_inbox,
    "cases": measure_cases,
}


def send_log_lines_to(file: Path) -> None:
    """The apps that run inside this process write as many lines as ever, and none between the measures."""
    logging.basicConfig(filename=file, level=logging.WARNING)


def main() -> int:
    """Run the groups, print the lines, leave nothing behind."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--quick", action="store_true", help="small numbers, to try it")
    asked.add_argument("groups", nargs="*", choices=[[], *GROUPS], help="only these")
    options = asked.parse_args()
    home = Path(tempfile.mkdtemp(prefix="cvms-bench-"))
    send_log_lines_to(home / "bench.log")
    numbers = QUICK if options.quick else Numbers()
    try:
        for name in options.groups or GROUPS:
            for measure in GROUPS[name](home, numbers):
                sys.stdout.write(measure.line() + "\n")
                sys.stdout.flush()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
