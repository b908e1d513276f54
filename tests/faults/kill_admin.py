"""The administrator of a kill run, who presses every act on accounts: of somebody new, and of the supervisor."""

from __future__ import annotations

from sqlalchemy import Engine, text

from tests.faults.kill_browser import KillingWorld
from tests.faults.kill_staff import Staff
from webapp.cli.demo.people import STAFF

ADMINISTRATOR, SUPERVISOR = 3, 2
NEWCOMER = "newcomer@state.example.org"
LIST = "/staff/accounts"
ROLE = "REV:enrollment"


class Administrator(Staff):
    """Does to accounts what the pages offer; every act gives its reason."""

    def __init__(self, world: KillingWorld, engine: Engine) -> None:
        super().__init__(world, engine, ADMINISTRATOR)

    def use_accounts(self) -> None:
        """Invite somebody, twice; then reset, change, close and reopen the account of the supervisor."""
        invited = {"name": "Nell New", "email": NEWCOMER, "language": "en", "seats": ROLE}
        self._do(f"{LIST}/new", invited)
        page = self.sign_in(f"{LIST}/{self._id(NEWCOMER)}")
        self.browser.press(page, page.form("/invitation"), "invite again", {})
        account = f"{LIST}/{self._id(STAFF[SUPERVISOR].email)}"
        self._do(f"{account}/second-step", {})
        self._do(f"{account}/roles/give", {"seat": ROLE})
        self._do(f"{account}/roles/end", {"seat": ROLE})
        self._do(f"{account}/close", {})
        self._do(f"{account}/reopen", {})

    def _do(self, address: str, typed: dict[str, str]) -> None:
        page = self.sign_in(address)
        self.browser.press(page, page.form(address), address.rpartition("/")[2], {"reason": "The run asks.", **typed})

    def _id(self, email: str) -> str:
        with self._engine.connect() as connection:
            found = connection.execute(text("SELECT id FROM accounts WHERE email = :email"), {"email": email})
            return str(found.scalar_one())
