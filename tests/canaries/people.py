"""An application whose every personal answer occurs nowhere else in the world, and people who go wrong on purpose."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine

from deploy.local.mail.catcher import NOBODY
from models.domain.enrollment.lifecycle import SectionKind
from tests.faults.clients import Application, Reviewer, World
from tests.faults.kill_browser import KillingWorld
from tests.faults.kill_drivers import stories
from tests.faults.kill_people import people
from webapp.cli.demo.people import PASSWORD

FREE = ("first_name", "last_name", "street", "city", "title", "license_number")
SIGNED_BY_NAME = ("cmo_first_name", "cmo_last_name", "ceo_first_name", "ceo_last_name", "coordinator_")
"""The signers write their names again, so these stay as they are."""
STORY_LASTS = 300.0
TRIED_AGAIN_AFTER = 2.0
"""Tries that ended in a failure count, too, and quicker ones would be braked."""
ANOTHER_STEP = "/account/second-factor/add"


class CanaryApplication(Application):
    """Fills in the sections with canaries wherever text is free."""

    def __init__(self, world: World, slug: str) -> None:
        super().__init__(world, f"Zzcanary {slug}", slug)

    def _answers(self, kind: SectionKind) -> dict[str, object]:
        return {name: _canary(name, value) for name, value in super()._answers(kind).items()}


def press_everything(world: KillingWorld, engine: Engine) -> None:
    """Every POST and every activity once: approved, returned, denied and withdrawn, and a whole life of an account."""
    people(engine)
    threads = [threading.Thread(target=_tell, args=(world, *story), daemon=True) for story in stories(world, engine)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STORY_LASTS)
        if thread.is_alive():
            world.report_stuck("a story", TimeoutError("does not end"))


def be_approved(world: World, slugs: list[str]) -> None:
    """Each application to its approval, by two reviewers, and what goes wrong on the way."""
    reviewers = [Reviewer(world, number) for number in range(2)]
    for reviewer in reviewers:
        reviewer.start()
    try:
        for slug in slugs:
            CanaryApplication(world, slug).publish()
            stop_half_way(world, f"admin@{slug}.example.org")
            go_wrong(world, slug)
    finally:
        for reviewer in reviewers:
            reviewer.done.set()
        for reviewer in reviewers:
            reviewer.join(30)


def stop_half_way(world: World, email: str) -> None:
    """Ask for a second step and never type its first code: its secret stays with the session."""
    browser = world.browser(f"half way {email}")
    page = browser.get(ANOTHER_STEP)
    until = time.monotonic() + STORY_LASTS
    while "/sign-in" in page.url and time.monotonic() < until:
        browser.press(page, page.form("sign-in"), "sign in", {"email": email, "password": PASSWORD})
        page = browser.get(ANOTHER_STEP)
        time.sleep(TRIED_AGAIN_AFTER)
    browser.press(page, page.form(ANOTHER_STEP), "add a second step", {"current_password": PASSWORD})


def go_wrong(world: World, slug: str) -> None:
    """Sign in with a wrong password, ask for a reset, give an address that takes no mail, open what is not there."""
    browser, email = world.browser("wrong"), f"admin@{slug}.example.org"
    page = browser.get("/sign-in")
    browser.press(page, page.form("sign-in"), "sign in", {"email": email, "password": f"zzcanary{slug}"})
    page = browser.get("/account/forgot")
    browser.press(page, page.form("forgot"), "forgot", {"email": email})
    page = browser.get("/enrollment/begin/details")
    given = {"organization_name": f"Zzcanary {slug}", "name": f"Zz {slug}", "email": f"{slug}{NOBODY}"}
    browser.press(page, page.form("begin/details"), "begin", given)
    for address in (f"/enrollment/confirm/zzcanary{slug}", f"/zzcanary{slug}", f"/tasks?view=zzcanary{slug}"):
        browser.get(address)


def _tell(world: World, name: str, story: Callable[[], None]) -> None:
    try:
        story()
    except Exception as problem:  # noqa: BLE001  # whatever it is, the run reports it
        world.report_stuck(name, problem)


def _canary(name: str, value: object) -> object:
    if name.startswith(SIGNED_BY_NAME) or not name.endswith(FREE):
        return value
    return f"Zz{secrets.token_hex(5)}" if "license" in name else f"Zz{_letters(10)}"


def _letters(count: int) -> str:
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(count))
