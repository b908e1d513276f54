"""The state's people in a kill run: they take, give back and decide tasks, and press what the system page offers."""

from __future__ import annotations

import time
from uuid import uuid4

from sqlalchemy import Engine, text

from tests.faults.browser import PATIENCE, Page, PageForm, Stuck
from tests.faults.clients import POLL
from tests.faults.kill_accounts import AccountOwner
from tests.faults.kill_browser import KillingWorld
from webapp.cli.demo.people import STAFF, totp_secret

REASON = "The license has run out."


class Staff(AccountOwner):
    """A member of state staff with role and second factor."""

    def __init__(self, world: KillingWorld, engine: Engine, number: int) -> None:
        super().__init__(world, engine, STAFF[number].email)
        self.secret = totp_secret(self.email)

    def decide(self, enrollment_id: str, kind: str, outcome: str) -> None:
        """Wait for the task of an enrollment, take it, and decide it."""
        page = self._hold(self._wait_for_task(enrollment_id, kind))
        given = {"outcome": outcome, "reason": REASON if outcome == "denied" else ""}
        if outcome == "returned":
            note = next(name for name in page.form("/decide").values if name.startswith("note_"))
            given[note] = "Please write it in full."
        self.browser.press(page, page.form("/decide"), outcome, given)

    def take_and_give_back(self, enrollment_id: str, kind: str) -> None:
        """Take the next task, whose ever it is, and give it back; take the one of an enrollment from its own page."""
        task = self._wait_for_task(enrollment_id, kind)
        page = self.sign_in("/tasks")
        page = self.browser.press(page, page.form("/tasks/next"), "take next", {})
        if not any("/release" in form.action for form in page.forms):
            page = self._hold(task)
        self.browser.press(page, page.form("/release"), "release", {})
        self._hold(task)

    def ring(self, process_id: str) -> None:
        """Have a process rung again that has not heard everything."""
        self._repair(f"processes/{process_id}/ring")

    def try_again(self, address: str) -> None:
        """Have the mail to an address tried again now."""
        with self._engine.connect() as connection:
            wanted = {"address": address}
            found = connection.execute(text("SELECT id FROM messages WHERE to_address = :address"), wanted).scalar_one()
        self._repair(f"messages/{found}/retry")

    def _repair(self, act: str) -> None:
        """The page shows its buttons after a minute; the token of any of its forms is good for them."""
        page = self.sign_in("/staff/system")
        form = PageForm(f"/staff/system/{act}", "post", dict(page.form("/sign-out").values))
        form.values["form_token"] = uuid4().hex
        self.browser.press(page, form, "repair", {})

    def _hold(self, task: str) -> Page:
        """The page of a task in hand, however long a colleague keeps it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = self.sign_in(f"/tasks/{task}")
            if any("/decide" in form.action for form in page.forms):
                return page
            if any("/claim" in form.action for form in page.forms):
                self.browser.press(page, page.form("/claim"), "claim", {})
            else:
                time.sleep(POLL)
        raise Stuck(f"{self.email} does not get hold of {task}")

    def _wait_for_task(self, enrollment_id: str, kind: str) -> str:
        until = time.monotonic() + 2 * PATIENCE
        wanted = "SELECT id FROM tasks WHERE entity_id = :id AND kind = :kind AND status IN ('open', 'claimed')"
        while time.monotonic() < until:
            with self._engine.connect() as connection:
                found = connection.execute(text(wanted), {"id": enrollment_id, "kind": kind}).scalar()
            if found:
                return str(found)
            time.sleep(POLL)
        raise TimeoutError(f"no {kind} of {enrollment_id}")
