"""One run of the whole system with marked people, and the search in everything that it leaves behind."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from deploy.local.ports import HOST, free_ports
from models.postgres.database import make_engine
from tests.canaries.collector import Collector
from tests.canaries.people import be_approved, press_everything
from tests.canaries.search import find
from tests.canaries.trouble import trouble, without_trouble
from tests.canaries.values import mailed_tokens
from tests.faults.journal import Journal
from tests.faults.judge import wait_until_quiet
from tests.faults.kill_browser import KillingWorld
from tests.faults.stack import ROOT, FaultStack
from webapp.cli.demo.people import PASSWORD

FACTS = ("postgres", "journal.jsonl", "mails.db")
"""Where personal values belong: the database, the clients' own journal and the people's mailboxes."""
NAMED_IN_MAILS = ("legal_name", "location_name")
"""A mail says which organization and which location it is about; no other answer is in any mail."""
METRICS, TRAIL = "metrics.txt", "trail.jsonl"
READABLE = b'"heard":'
"""A name in every start of a process: readable in Temporal's file, and not where payloads are sealed."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run has found; `approved` counts the stories that came to their end."""

    hits: list[str]
    canaries: int
    places: int
    approved: int


def run(home: Path, *, sealed: bool, stories: int) -> Found:
    """Start everything, live in it, look."""
    stack = FaultStack(home, "")
    [metrics] = free_ports(1)
    stack.environment |= {"CVMS_METRICS_PORT": str(metrics)}
    if sealed:
        stack.environment |= {"CVMS_PAYLOAD_KEYS": f"one:{base64.b64encode(secrets.token_bytes(32)).decode()}"}
    with stack:
        engine = make_engine(stack.owner_url, pool_size=8)
        world = KillingWorld(stack.web_url, stack.mail_url, Journal(home / "journal.jsonl"), threading.Event())
        with Collector(engine) as collector:
            press_everything(world, engine)
            forget_tries(engine)
            with trouble(engine):
                be_approved(world, [f"zz{secrets.token_hex(6)}" for _ in range(stories)])
            quiet = wait_until_quiet(engine)
            _write_down(stack, metrics)
        tokens = mailed_tokens(stack.mail_url)
        keys = cause_keys(engine)
        in_mail = find({"a mail": mails_of(home)}, answers(engine))
        engine.dispose()
    secret = collector.found["secret"] | tokens | {PASSWORD}
    wanted = secret | collector.found["pii"] | collector.found["phi"]
    places = places_of(home)
    trail = find({TRAIL: places.pop(TRAIL)}, secret - keys)
    hits = [*world.stuck, *find(places, wanted), *trail, *in_mail, *without_trouble(home / "log")]
    hits += [*_sealed_or_not(home, sealed=sealed), *([] if quiet is not None else ["it was never quiet"])]
    hits += [f"{table}.{column} never held anything" for table, column in sorted(collector.empty)]
    return Found(hits, len(wanted), len(places) + 2, len(world.approved))


def places_of(home: Path) -> dict[str, bytes]:
    """Every file that the run has written, but those that facts belong in."""
    files = (path for path in home.rglob("*") if path.is_file() and path.relative_to(home).parts[0] not in FACTS)
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def mails_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("mails.db*"))


def answers(engine: Engine) -> set[str]:
    """What the applications say: a mail may name people and places, never the answers."""
    query = text("""SELECT DISTINCT value FROM sections, jsonb_each_text(answers)
                     WHERE value LIKE 'Zz%' AND key <> ALL(:named)""")
    with engine.connect() as connection:
        return set(connection.execute(query, {"named": list(NAMED_IN_MAILS)}).scalars())


def forget_tries(engine: Engine) -> None:
    """A minute passes: the same people sign in again, with codes that they may have used a moment ago."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET totp_last_step = NULL"))
        connection.execute(text("DELETE FROM attempts"))


def cause_keys(engine: Engine) -> set[str]:
    """What the audit trail names as the causes of acts: the tokens of forms that were answered, and open nothing."""
    with engine.connect() as connection:
        query = text("SELECT DISTINCT split_part(cause_key, '/', 1) FROM audit WHERE cause_key IS NOT NULL")
        return set(connection.execute(query).scalars())


def _write_down(stack: FaultStack, metrics: int) -> None:
    """What an operator can ask for: the figures, and the audit trail, which may name people and opens nothing."""
    with urllib.request.urlopen(f"http://{HOST}:{metrics}/metrics", timeout=10) as answer:
        (stack.home / METRICS).write_bytes(answer.read())
    command = [sys.executable, "-m", "webapp.cli", "audit-export", str(stack.home / TRAIL)]
    said = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **stack.environment}, check=True, capture_output=True, text=True
    )
    (stack.home / "export.log").write_text(said.stdout + said.stderr)


def _sealed_or_not(home: Path, *, sealed: bool) -> Iterator[str]:
    """Whether payloads can be read in Temporal's file: they must be where no key is set, else this looks wrongly."""
    readable = any(READABLE in path.read_bytes() for path in home.glob("temporal.db*"))
    if readable is sealed:
        yield "payloads can be read, though they are sealed" if sealed else "no payload is found in Temporal's file"
