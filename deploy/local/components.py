"""The parts of the stack that are processes of our own: mail catcher, worker and web."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from deploy.local.environments import environment_of
from deploy.local.ports import HOST, answers
from deploy.local.processes import Child, Command
from deploy.local.supervisor import Service

BIG_LOG = 10_000_000
WORKER_SETTLES = 1.0
WEB_TIMEOUT = 30.0


def mail_catcher(*, root: Path, home: Path, smtp_port: int, http_port: int) -> Service:
    """The catcher, with its mails in the data folder."""
    arguments = [sys.executable, "-m", "deploy.local.mail.catcher", "--smtp-port", str(smtp_port)]
    arguments += ["--http-port", str(http_port), "--mails", str(home / "mails.db")]
    arguments += ["--accounts", str(home / "run" / "demo_accounts.json")]
    child = Child(Command("Mail catcher", arguments, log_file(home, "mail"), folder=root))

    def wait_ready() -> None:
        child.wait_ready(lambda: answers(smtp_port) and answers(http_port), timeout=20)

    return Service("mail", child, child.start, wait_ready, wave=1, grace=1.0)


def worker(*, root: Path, home: Path, environment: Mapping[str, str]) -> Service:
    """The worker process. It counts as ready when it has not ended right away; the web's page of health knows more."""
    arguments = [sys.executable, str(root / "worker.py")]
    own = environment_of("worker", environment)
    child = Child(Command("Worker", arguments, log_file(home, "worker"), own, folder=root))

    def wait_ready() -> None:
        child.wait_ready(lambda: child.age > WORKER_SETTLES, timeout=20)

    return Service("worker", child, child.start, wait_ready, wave=2, grace=2.2)


def web(*, root: Path, home: Path, port: int, environment: Mapping[str, str]) -> Service:
    """The web app, ready when it answers."""
    arguments = [sys.executable, "-m", "gunicorn", "webapp:create_app()", "--bind", f"{HOST}:{port}"]
    arguments += ["--config", "python:webapp.serving"]
    own = environment_of("web", environment)
    child = Child(Command("Web", arguments, log_file(home, "web"), own, folder=root))

    def wait_ready() -> None:
        child.wait_ready(lambda: _is_live(port), timeout=WEB_TIMEOUT)

    return Service("web", child, child.start, wait_ready, wave=2, grace=2.2)


def log_file(home: Path, name: str) -> Path:
    """The log of a part; one that has grown big is set aside, and the one set aside before it goes."""
    log = home / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists() and log.stat().st_size > BIG_LOG:
        log.replace(log.with_suffix(".log.old"))
    return log


def _is_live(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
