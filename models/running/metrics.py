"""The page of metrics on a port of its own: figures from the facts, and what the processes of this folder counted."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models.postgres.database import make_engine, transaction
from models.queries.operations.figures import Figures, read_figures
from models.running.metering import folder_of
from models.running.settings import Settings

log = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = 5.0
AGES = {
    "oldest_unprocessed_event": "Age of the oldest event that a process has not processed.",
    "oldest_message_waiting": "Age of the oldest message that waits to be handed over.",
    "oldest_unsealed_audit": "Age of the oldest audit row without a seal.",
    "worker_seen": "Since the last sign of life of any worker.",
    "temporal_reached": "Since any worker last reached Temporal.",
}
COUNTS = {
    "processes_open": ("kind", "Open processes."),
    "processes_stalled": ("kind", "Open processes without progress for a minute."),
    "tasks_open": ("kind", "Tasks that wait for a person."),
    "tasks_overdue": ("kind", "Tasks that are past their time."),
    "messages": ("status", "Messages that were not handed over."),
}


class FactsCollector(Collector):
    """Asks the database at each scrape; says so when it does not answer, and is never slower than its limits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterable[GaugeMetricFamily]:
        figures = self._figures()
        up = GaugeMetricFamily("cvms_database_up", "Whether the database answered.", value=figures is not None)
        return [up, *(_gauges(figures) if figures else [])]

    def _figures(self) -> Figures | None:
        try:
            with transaction(self._engine) as session:
                return read_figures(session)
        except SQLAlchemyError:
            return None


def _gauges(figures: Figures) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("cvms_sessions_live", "Sessions that were not ended.", value=figures.sessions_live)
    says = "Messages that wait because the mail server refused them with 5xx, though their address is not dead."
    yield GaugeMetricFamily("cvms_messages_refused", says, value=figures.messages_refused)
    says = "For how many days from now the office's holidays are listed; below 366 the list needs its next year."
    yield GaugeMetricFamily("cvms_holidays_known_days", says, value=figures.holidays_known_days)
    for name, says in AGES.items():
        age = getattr(figures, name)
        if age is not None:
            yield GaugeMetricFamily(f"cvms_{name}_seconds", says, value=age)
    for name, (label, says) in COUNTS.items():
        family = GaugeMetricFamily(f"cvms_{name}", says, labels=[label])
        for kind, count in getattr(figures, name).items():
            family.add_metric([kind], count)
        yield family


def metrics_registry(engine: Engine, folder: Path) -> CollectorRegistry:
    """All that the page shows."""
    registry = CollectorRegistry()
    registry.register(FactsCollector(engine))
    MultiProcessCollector(registry, path=str(folder))
    return registry


class MetricsPage(threading.Thread):
    """Serves the page as soon as the port is free; processes that share port and folder take over from each other."""

    def __init__(self, settings: Settings, database_url: str) -> None:
        super().__init__(name="metrics page", daemon=True)
        self._settings = settings
        self._engine = make_engine(database_url, pool_size=1)
        self._stopping = threading.Event()
        self.server: WSGIServer | None = None

    def run(self) -> None:
        while not self._stopping.is_set() and not self._serve():
            self._stopping.wait(TRY_AGAIN_AFTER)

    def stop(self) -> None:
        """Close the page, or try no more."""
        self._stopping.set()
        self.join(TRY_AGAIN_AFTER)
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
        self._engine.dispose()

    def _serve(self) -> bool:
        port, host = self._settings.metrics_port, self._settings.metrics_host
        folder = folder_of(self._settings)
        try:
            self.server, _ = start_http_server(port, host, metrics_registry(self._engine, folder))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                log.warning("metrics cannot be served", port=port, exc_info=error)
            return False
        forget_earlier_runs(folder)
        return True


def serve_metrics(settings: Settings, database_url: str) -> MetricsPage | None:
    """Begin to serve the page; None when no port was chosen. To be called after a fork, never before."""
    if not settings.metrics_port:
        return None
    page = MetricsPage(settings, database_url)
    page.start()
    return page


def forget_earlier_runs(folder: Path) -> None:
    """Remove the counts of processes that ended, when no other process of the folder lives: a counter begins anew."""
    files = {file: int(file.stem.rpartition("_")[2]) for file in folder.glob("*_*.db")}
    if any(_alive(pid) for pid in files.values() if pid != os.getpid()):
        return
    for file, pid in files.items():
        if pid != os.getpid():
            file.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
