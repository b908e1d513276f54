"""The clients of a fault run: applicants with their signers and coordinators, and the state's two reviewers."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

import pyotp

from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.lifecycle import SectionKind
from tests.faults.browser import PATIENCE, Browser, Page, Stuck
from tests.faults.journal import Journal
from webapp.cli.demo.answers import section_a, section_b
from webapp.cli.demo.people import PASSWORD, STAFF, totp_secret

POLL = 0.3
MAIL_TAKES = 240.0
"""A mail may have to wait: Temporal is away for a minute, and the worker is killed again while it catches up."""


NAMES = {"helen.grady": "Helen Grady", "walter.amos": "Walter Amos", "coordinator": "Carla Coordinator"}


@dataclass
class World:
    """What all clients share: where the stack is, the journal, and whether to begin anything new."""

    web_url: str
    mail_url: str
    journal: Journal
    over: threading.Event
    approved: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    ahead: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    reviewers: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))

    def browser(self, name: str) -> Browser:
        return Browser(name, self.web_url, self.journal)

    def press_together(self) -> None:
        """Wait a moment for the other reviewer, so that both press in the same instant (C3)."""
        try:
            self.reviewers.wait(0.5)
        except threading.BrokenBarrierError:
            self.reviewers.reset()

    def report_stuck(self, who: str, problem: Exception) -> None:
        with self.lock:
            self.stuck.append(f"{who}: {type(problem).__name__}: {problem}")


def mailed_link(world: World, address: str, part: str, number: int = 1) -> str:
    """The `number`-th link of a kind that was mailed to an address, as soon as it is there."""
    where = f"{world.mail_url}/api/mails?to={urllib.parse.quote(address)}"
    until = time.monotonic() + MAIL_TAKES
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(where, timeout=5) as answer:  # our own mail catcher
                mails = json.load(answer)
        except OSError:
            mails = []
        found = [match[0] for mail in mails if (match := re.search(rf"https?://\S*/{part}/[^\s?]+", mail["text"]))]
        if len(set(found)) >= number:
            return list(dict.fromkeys(reversed(found)))[number - 1]
        time.sleep(POLL)
    raise Stuck(f"no {part} link for {address} within {MAIL_TAKES:.0f} s")


class Applicant(threading.Thread):
    """Applies again and again until the run is over; each application is taken to its approval."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(daemon=True)
        self._world, self._number = world, number
        self.finished = 0

    def run(self) -> None:
        while not self._world.over.is_set():
            self.finished += 1
            name = f"Clinic {self._number}-{self.finished}"
            try:
                Application(self._world, name, f"c{self._number}n{self.finished}").tell()
            except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
                self._world.report_stuck(name, problem)
                return


class Application:
    """One organization's way from the first form to the PIN, over HTTP and by the mails it gets."""

    def __init__(self, world: World, name: str, slug: str) -> None:
        self._world, self._name, self._slug = world, name, slug
        self._admin = world.browser(f"admin-{slug}")
        self._coordinator = world.browser(f"coordinator-{slug}")
        self._home = ""

    def tell(self) -> None:
        """The whole story; returns when the applicant sees the approval."""
        self._begin()
        self._fill(self._admin, self._section_link(self._admin, self._home), SectionKind.A)
        self._add_location()
        self._complete(self._admin, self._section_link(self._admin, self._home))
        self._join_and_fill()
        for signer in NAMES:
            self._sign(f"{signer}@{self._slug}.example.org")
        self._submit()
        self._wait_for(lambda page: "/withdraw" not in page.text and bool(re.search(r"\b[1-9][0-9]{5}\b", page.text)))
        with self._world.lock:
            self._world.approved.append(self._home.rpartition("/")[2])

    def _begin(self) -> None:
        browser, email = self._admin, f"admin@{self._slug}.example.org"
        page = browser.get("/enrollment/begin/details")
        given = {"organization_name": self._name, "name": "Wanda Walker", "email": email}
        browser.press(page, page.form("begin/details"), "begin", given)
        page = browser.get(mailed_link(self._world, email, "enrollment/confirm"))
        page = browser.press(page, page.form("confirm"), "confirm", {"password": PASSWORD})
        if "/enrollment/" not in page.url or "confirm" in page.url:
            page = browser.get("/enrollment")
        self._home = urllib.parse.urlsplit(page.url).path

    def _section_link(self, browser: Browser, home: str) -> str:
        return browser.get(home).link("/enrollment/sections/").rpartition("/")[0]

    def _fill(self, browser: Browser, section: str, kind: SectionKind) -> None:
        answers = self._answers(kind)
        for step in steps_of(kind):
            address = f"{section}/{step.name}"
            page = browser.get(address)
            form = page.form(address)
            given = {name: str(value) for name, value in answers.items() if name in form.values or name in page.text}
            expect(browser.press(page, form, f"save {kind} {step.name}", given), section)

    def _answers(self, kind: SectionKind) -> dict[str, object]:
        if kind is SectionKind.A:
            return section_a(self._name, f"admin@{self._slug}.example.org", 1)
        return section_b(f"{self._name} Office", (f"coordinator@{self._slug}.example.org", "Carla Coordinator"))

    def _add_location(self) -> None:
        page = self._admin.get(f"{self._home}/locations/add")
        email = f"coordinator@{self._slug}.example.org"
        given = {"name": f"{self._name} Office", "coordinator_name": "Carla Coordinator", "coordinator_email": email}
        self._admin.press(page, page.form("locations/add"), "add location", given)

    def _complete(self, browser: Browser, section: str) -> None:
        page = browser.get(f"{section}/check")
        expect(browser.press(page, page.form("complete"), "complete section", {}), "/enrollment/")

    def _join_and_fill(self) -> None:
        browser = self._coordinator
        page = browser.get(mailed_link(self._world, f"coordinator@{self._slug}.example.org", "enrollment/join"))
        page = browser.press(page, page.form("join"), "join", {"password": PASSWORD})
        section = next((link for link in page.links if "/enrollment/sections/" in link), page.url)
        if "/sections/" not in section:
            section = browser.get("/enrollment").link("/enrollment/sections/")
        section = urllib.parse.urlsplit(section).path.rpartition("/")[0]
        self._fill(browser, section, SectionKind.B)
        self._complete(browser, section)

    def _sign(self, email: str) -> None:
        browser = self._world.browser(f"signer-{email}")
        page = browser.get(mailed_link(self._world, email, "enrollment/sign"))
        name = {"helen.grady": "Helen Grady", "walter.amos": "Walter Amos"}.get(
            email.partition("@")[0], "Carla Coordinator"
        )
        form = page.form("sign")
        browser.press(page, form, "sign", {"typed_name": name, "confirmed": "y"})

    def _submit(self) -> None:
        address = f"{self._home}/submit"
        page = self._wait_for(lambda page: any(link.endswith("/submit") for link in page.links))
        page = self._admin.get(address)
        expect(self._admin.press(page, page.form("/submit"), "submit", {"declared": "y"}), "/enrollment/")

    def _wait_for(self, seen: Callable[[Page], bool]) -> Page:
        until = time.monotonic() + MAIL_TAKES + PATIENCE
        while time.monotonic() < until:
            page = self._admin.get(self._home)
            if seen(page):
                return page
            time.sleep(POLL)
        raise Stuck(f"{self._home} does not move on")


class Reviewer(threading.Thread):
    """Takes the next task from the inbox and decides it, until told to stop."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(daemon=True)
        self._world, self._staff = world, STAFF[number]
        self._browser = world.browser(self._staff.name)
        self.done = threading.Event()

    def run(self) -> None:
        try:
            self._sign_in()
            while not self.done.is_set():
                if not self._decide_next():
                    time.sleep(POLL)
        except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
            self._world.report_stuck(self._staff.name, problem)

    def _sign_in(self) -> None:
        """Until the inbox opens: an answer that was lost may have held the session, and a code counts once."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = self._browser.get("/tasks")
            if "/sign-in" in page.url:
                given = {"email": self._staff.email, "password": PASSWORD}
                page = self._browser.press(page, page.form("sign-in"), "sign in", given)
            if "second" in page.url:
                totp = pyotp.TOTP(totp_secret(self._staff.email))
                code = totp.at(int(time.time()) + self._world.ahead)
                page = self._browser.press(page, page.form("second"), "second factor", {"code": code})
            if urllib.parse.urlsplit(page.url).path.startswith("/tasks"):
                return
            time.sleep(7)  # quicker tries would be braked
        raise Stuck("the second factor was not taken")

    def _decide_next(self) -> bool:
        """Decide one task; False when there is none."""
        page = self._browser.get("/tasks")
        if "/sign-in" in page.url:
            self._sign_in()
            return True
        if not any("next" in form.action for form in page.forms):
            return False
        self._world.press_together()
        page = self._browser.press(page, page.form("next"), "take next", {})
        if not re.search(r"/tasks/[0-9a-f-]{36}", page.url):
            return False
        form = page.form("decide")
        outcome = "approved" if 'value="approved"' in page.text else "recommended"
        self._browser.press(page, form, outcome, {"outcome": outcome})
        return True


def expect(page: Page, part: str) -> Page:
    """The page, when its address holds a part; else the run has found something."""
    if part not in page.url or page.status >= 400:
        raise Stuck(f"{page.url} ({page.status}, {page.title.strip()!r}) where {part!r} was expected")
    return page
