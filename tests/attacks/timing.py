"""Does an answer's time tell whether an account or an object exists? 500 pairs of each (S8, P34).

    python -m tests.attacks.timing [--pairs 500] [name …]

Known and unknown are asked in random order, so that whatever else the machine does falls on both. Fails
where the medians differ by more than 5 ms, or the two series can be told apart with p < 0.01.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask

from tests.attacks.asked import PAIRS, TOLD_OPENLY, Pair
from tests.attacks.ranks import mann_whitney
from tests.database import Database, clone_database, run_server
from tests.site import settings_of, web_app

MOST_SECONDS = 0.005
LEAST_P = 0.01


@dataclass(frozen=True, slots=True)
class Result:
    """The medians of both series in seconds, and how likely such a difference is by chance."""

    known: float
    unknown: float
    p: float

    @property
    def alike(self) -> bool:
        return abs(self.known - self.unknown) <= MOST_SECONDS and self.p > LEAST_P


def measure(pair: Pair, database: Database, app: Flask, pairs: int) -> Result:
    """Ask `pairs` times for each, in random order."""
    asks = pair.prepare(database, app, pairs)
    turns = [(kind, number) for kind in ("known", "unknown") for number in range(pairs)]
    random.Random(pairs).shuffle(turns)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for kind, number in turns:
        times[kind].append(_timed(asks[kind], number))
    return Result(median(times["known"]), median(times["unknown"]), mann_whitney(times["known"], times["unknown"]))


def _timed(ask: Callable[[int], Callable[[], object]], number: int) -> float:
    send = ask(number)
    began = time.perf_counter()
    send()
    return time.perf_counter() - began


@contextmanager
def product() -> Iterator[tuple[Database, Flask]]:
    """A web app on a database of its own."""
    with contextmanager(run_server)(os.environ.get("CVMS_PG_BIN")) as server, tempfile.TemporaryDirectory() as home:
        database = clone_database(server, "cvms_timing")
        with web_app(settings_of(database, Path(home))) as app:
            yield database, app
        database.dispose()


def main() -> int:
    """Measure what is named, or everything; 1 where something can be told apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=[name for name in PAIRS if name not in TOLD_OPENLY])
    parser.add_argument("--pairs", type=int, default=500)
    chosen = parser.parse_args()
    told_apart = 0
    logging.disable(logging.INFO)
    with product() as (database, app):
        for name in chosen.names:
            result = measure(PAIRS[name], database, app, chosen.pairs)
            database.clean()
            told_apart += not result.alike
            verdict = "alike" if result.alike else "TOLD APART"
            known, unknown = result.known * 1000, result.unknown * 1000
            print(f"{name:26} {known:8.2f} ms {unknown:8.2f} ms  p = {result.p:.3f}  {verdict}", flush=True)
    return int(told_apart > 0)


if __name__ == "__main__":
    sys.exit(main())
