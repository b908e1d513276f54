"""How gunicorn serves the web app, as its configuration (`-c python:webapp.serving`): processes, threads, log lines."""

from __future__ import annotations

import logging

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from models.postgres.timeouts import limit_waiting
from models.running import log_lines
from models.running.metrics import serve_metrics
from models.running.settings import Settings
from webapp.application import WebApp
from webapp.edge.refusals import refusal_pages
from webapp.edge.worker import PatientWorker


class JsonLines(Logger):
    """Gunicorn's own lines in the form of all others. Addresses, which may hold a token, are masked."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)  # type: ignore[no-untyped-call]
        log_lines.configure(level=logging.WARNING)
        log_lines.take_over_failures()
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


logger_class = JsonLines
loglevel = "warning"
worker_class = "webapp.edge.worker.PatientWorker"
workers = 2
threads = 8
# Most of them wait in the main loop. Each needs a file descriptor, of which a process mostly has 1,024.
worker_connections = 400
sendfile = False
timeout = 30
graceful_timeout = 2
control_socket_disable = True
# The app is loaded once, before the fork: a killed worker is back in a moment. Nothing is connected by then.
preload_app = True
ANSWER_SECONDS = 2.7
"""A little more than PostgreSQL's own limit: only a server that is frozen or cut off comes to it."""


def post_worker_init(worker: Worker) -> None:
    """Threads begin after the fork; one process serves the metrics of all, and another takes over when it ends."""
    limit_waiting(ANSWER_SECONDS)
    if isinstance(worker, PatientWorker) and isinstance(worker.wsgi, WebApp):
        worker.refusals = refusal_pages(worker.wsgi)
    settings: Settings = worker.wsgi.config["SETTINGS"]
    serve_metrics(settings, settings.database_url)
