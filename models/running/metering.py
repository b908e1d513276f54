"""What a process counts of its own work. Processes of one data folder count into one folder, so any can show the sum.

Labels are names from the code: route rules, loops. Never an id, an address or anything typed.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, values

from models.running.settings import Settings

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 5.0)
"""The buckets; 0.3 s and 1 s are what is promised of the 95th and the 99th request of a hundred."""


class Meters:
    """Everything that is counted."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self.requests = Histogram(
            "cvms_request_seconds",
            "Requests by the rule of their route, and how long they took.",
            ["method", "rule", "status"],
            buckets=SECONDS,
            registry=registry,
        )
        self.turns = Counter(
            "cvms_loop_turns",
            "Turns of the worker's loops, by how they went.",
            ["loop", "went"],
            registry=registry,
        )


_meters: list[Meters] = []


def folder_of(settings: Settings) -> Path:
    """Where the processes of a data folder count."""
    return settings.home.resolve() / "metrics"


def start_counting(settings: Settings, environ: MutableMapping[str, str]) -> None:
    """Count from now on, when there is a port to show it on; called once by each entry point, with its environment."""
    if not settings.metrics_port or _meters:
        return
    folder_of(settings).mkdir(parents=True, exist_ok=True, mode=0o700)
    # The library looks for the folder there, and chooses its kind of value when it is imported.
    environ[SHARED_FOLDER] = str(folder_of(settings))
    values.ValueClass = values.MultiProcessValue()
    _meters.append(Meters())


def stop_counting() -> None:
    """Count no more."""
    _meters.clear()


def count_request(*, method: str, rule: str, status: int, seconds: float) -> None:
    """One answered request."""
    for meters in _meters:
        meters.requests.labels(method, rule, str(status)).observe(seconds)


def count_turn(loop: str, *, failed: bool) -> None:
    """One turn of a loop."""
    for meters in _meters:
        meters.turns.labels(loop, "failed" if failed else "well").inc()
