"""The state's reviewers: how they come in, take a task and decide it."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Locator, expect

from models.domain.core.permissions import Role
from tests.journeys.person import Desk, Person
from tests.journeys.stack import eventually
from webapp.cli.demo.people import PASSWORD, Staff, hire, totp_secret

FREE_TASKS = "/tasks?view=unassigned"
TEAM_TASKS = "/tasks?view=team"


class Reviewer(Person):
    """A reviewer of the enrollment team."""

    def is_invited(self) -> None:
        """An administrator makes the account; the mail brings the link."""
        self._world.command("create-user", self.email, "--name", self.name, "--role", "REV", "--team", "enrollment")

    def sets_up_password_and_phone(self) -> None:
        self.opens_mail("Set up your CVMS account")
        self.fills({"password": PASSWORD})
        self.presses("Save and continue")
        secret = self.page.locator("main code").inner_text().replace(" ", "")
        self.fills({"code": pyotp.TOTP(secret).now()})
        self.presses("Confirm")

    def has_an_account(self) -> None:
        with self._world.facts() as session:
            hire(session, Staff(self.email, self.name, Role.REV, "reviews"))

    def signs_in_with_the_phone(self) -> None:
        self.signs_in()
        self.fills({"code": pyotp.TOTP(totp_secret(self.email)).now()})
        self.presses("Continue")

    def looks_at_the_tasks_of_the_team(self) -> None:
        self.opens(FREE_TASKS)

    def task_of(self, organization: str, view: str = FREE_TASKS) -> Locator:
        """The row of the task about an organization, as soon as it is in the inbox."""
        row = self.page.locator("li.cvms-task", has_text=organization)

        def there() -> bool:
            self.page.goto(self._world.web_url + view)
            return row.count() == 1

        eventually(f"a task about {organization} at {view}", there)
        return row

    def is_refused(self, organization: str) -> None:
        """She sees the task among those of her team, and why it is not for her."""
        row = self.task_of(organization, TEAM_TASKS)
        self.looks_around()
        expect(row).to_contain_text("You made the first decision, so someone else has to approve")
        expect(row.get_by_role("button")).to_have_count(0)
        self._goes_on(row.get_by_role("link"))
        expect(self.page.locator("main").get_by_role("button")).to_have_count(0)

    def takes(self, organization: str) -> None:
        self.presses("Take", within=self.task_of(organization))
        self.sees("Your decision")

    def decides(self, outcome: str) -> None:
        self.page.locator("fieldset label", has_text=outcome).click()
        self.presses("Save the decision")

    def returns(self, reasons: dict[str, str]) -> None:
        """Write a reason at each of these fields, then return the enrollment."""
        for label, reason in reasons.items():
            self.page.locator("summary", has_text=label).first.click()
            self.page.get_by_label(f"What needs to be corrected in “{label}”?").first.fill(reason)
        self.looks_around()
        self.decides("Return for correction")


def reviewer(desk: Desk, name: str, slug: str) -> Reviewer:
    return Reviewer(desk, name, f"{name.split(maxsplit=1)[0].lower()}.{slug}@state.example.org")
