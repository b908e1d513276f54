"""N4: five places lose one answer in twenty, after the request was done; every act still counts exactly once."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, text

from models.crypto.sealing import use_secret
from models.domain.enrollment.lifecycle import SectionKind
from models.postgres.database import make_engine, transaction
from tests.faults.browser import Browser, Page
from tests.faults.clients import Applicant, Application, Reviewer, World
from tests.faults.journal import Journal
from tests.faults.judge import judge, wait_until_quiet
from tests.faults.proxy import Harm, Proxy
from tests.faults.scenario import Outcome
from tests.faults.stack import SECRET, FaultStack
from webapp.cli.demo.people import PASSWORD, STAFF, hire

ACTS = 5000
LONGEST = 900.0
SHARE = 0.05
APPLICANTS = SAVERS = 4
STORY_ENDS_WITHIN = 180.0
SMALLEST_REQUEST = 120
"""What is shorter on its way to Temporal, in bytes, asks for work and carries none."""


def carries_request(sent: bytes) -> bool:
    """Whether frames of HTTP/2 (RFC 9113, 4.1) hold data of a request; its content is compressed."""
    place = 0
    while place + 9 <= len(sent):
        length = int.from_bytes(sent[place : place + 3], "big")
        if sent[place + 3] == 0 and length >= SMALLEST_REQUEST:
            return True
        place += 9 + length
    return False


PLACES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "web-postgres": ("DATABASE_URL", lambda sent: sent.endswith(b"COMMIT\0")),
    "worker-postgres": ("CVMS_WORKER_DATABASE_URL", lambda sent: sent.endswith(b"COMMIT\0")),
    "worker-temporal": ("TEMPORAL_ADDRESS", carries_request),
    "browser-web": ("CVMS_PUBLIC_URL", lambda sent: sent.startswith(b"POST ")),
    "worker-smtp": ("CVMS_SMTP_URL", lambda sent: sent.endswith(b"\r\n.\r\n")),
}
"""Where a proxy stands, by the setting that leads there, and the request whose answer may be lost."""
COUNTED = "SELECT (SELECT count(*) FROM inv.news) AS news, (SELECT count(*) FROM inv.mail) AS mails"


class LossyWorld(World):
    """A world in which the answer that holds a session may be lost."""

    def browser(self, name: str) -> Browser:
        return PatientBrowser(name, self.web_url, self.journal)


class PatientBrowser(Browser):
    """Signs in where the answer that held the session was lost, as a person does who lands on that page."""

    def get(self, path: str) -> Page:
        page = super().get(path)
        person, _, place = self.name.partition("-")
        if urlsplit(page.url).path != "/sign-in" or person not in ("admin", "coordinator"):
            return page
        given = {"email": f"{person}@{place}.example.org", "password": PASSWORD}
        self.press(page, page.form("sign-in"), "sign in", given)
        return super().get(path)


class Saver(threading.Thread):
    """Begins an application, and then saves its first section again and again with other answers: cheap acts."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(daemon=True)
        self._world, self._number = world, number

    def run(self) -> None:
        name = f"Saver {self._number}"
        story = Application(self._world, name, f"s{self._number}")
        try:
            story._begin()
            section = story._section_link(story._admin, story._home)
            while not self._world.over.is_set():
                story._fill(story._admin, section, SectionKind.A)
        except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
            self._world.report_stuck(name, problem)


def run(home: Path, seed: int, *, acts: int = ACTS) -> Outcome:
    """Work through five lossy places until there were so many acts, then judge."""
    use_secret(SECRET)
    stack = FaultStack(home, "")
    with contextlib.ExitStack() as opened:
        proxies = {place: opened.enter_context(stand_between(stack, place, seed)) for place in PLACES}
        opened.enter_context(stack)
        engine = make_engine(stack.owner_url, pool_size=3)
        opened.callback(engine.dispose)
        with transaction(engine) as session:
            for member in STAFF:
                hire(session, member)
        web = f"http://localhost:{proxies['browser-web'].port}"
        world = LossyWorld(web, stack.mail_url, Journal(home / "journal.jsonl"), threading.Event())
        lose_answers(proxies)
        took = work(engine, world, acts)
        lose_answers(proxies, share=0.0)
        quiet = wait_until_quiet(engine)
        return verdict(engine, world, proxies, wanted=acts, took=took, quiet=quiet)


def stand_between(stack: FaultStack, place: str, seed: int) -> Proxy:
    """A proxy before the address of a setting, and the setting turned to the proxy."""
    setting, _ = PLACES[place]
    address = stack.environment[setting]
    port = urlsplit(address if "//" in address else f"//{address}").port
    assert port is not None
    proxy = Proxy(port, seed=seed)
    stack.environment[setting] = address.replace(f":{port}", f":{proxy.port}")
    return proxy


def lose_answers(proxies: dict[str, Proxy], *, share: float = SHARE) -> None:
    for place, proxy in proxies.items():
        proxy.harm = Harm(swallow=PLACES[place][1], share=share)


def work(engine: Engine, world: World, acts: int) -> float:
    """Let clients work until there were so many acts; returns the seconds."""
    began = time.monotonic()
    applicants = [Applicant(world, number) for number in range(1, APPLICANTS + 1)]
    savers = [Saver(world, number) for number in range(SAVERS)]
    reviewers = [Reviewer(world, number) for number in range(2)]
    for thread in (*reviewers, *applicants, *savers):
        thread.start()
    while sum(count_acts(engine, world)) < acts and time.monotonic() - began < LONGEST and not world.stuck:
        time.sleep(1)
    world.over.set()
    until = time.monotonic() + STORY_ENDS_WITHIN
    for thread in (*applicants, *savers):
        thread.join(max(1.0, until - time.monotonic()))
        if thread.is_alive():
            world.report_stuck("a client", TimeoutError("its story does not end"))
    for reviewer in reviewers:
        reviewer.done.set()
        reviewer.join(10)
    return time.monotonic() - began


def count_acts(engine: Engine, world: World) -> tuple[int, int, int]:
    """Forms sent, pieces of news and mails so far."""
    with engine.connect() as connection:
        row = connection.execute(text(COUNTED)).one()
    return len(world.journal.acts), row.news, row.mails


def verdict(
    engine: Engine, world: World, proxies: dict[str, Proxy], *, wanted: int, took: float, quiet: float | None
) -> Outcome:
    """The figures, and every finding."""
    found = judge(engine, world)
    forms, news, mails = count_acts(engine, world)
    problems = list(found.problems)
    if quiet is None:
        problems.append("not quiet within 60 s after the last lost answer")
    if forms + news + mails < wanted:
        problems.append(f"only {forms + news + mails} acts of {wanted}")
    problems += [f"{place} lost no answer" for place, proxy in proxies.items() if not proxy.swallowed]
    lost = ", ".join(f"{place} {proxy.swallowed} of {proxy.requests}" for place, proxy in proxies.items())
    journal = world.journal
    figures = (
        f"acts={forms + news + mails} (forms {forms}: ok {len(journal.acknowledged())}, refused "
        f"{len(journal.refused())}, once unknown {journal.count_unknown()}; news {news}; mails {mails}) "
        f"answers swallowed: {lost}; approved={len(world.approved)} lost={found.lost} dup={found.dup} {took:.0f} s"
    )
    return Outcome(figures, problems)


if __name__ == "__main__":
    import tempfile

    print(run(Path(tempfile.mkdtemp(prefix="cvms-swallowed-")), 1, acts=int(sys.argv[1])))
