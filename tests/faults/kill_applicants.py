"""The people of an enrollment in a kill run: they press every button of the applicant's pages on their way."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine, text

from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.lifecycle import SectionKind
from tests.enrollment_story import SECTION_A
from tests.faults.browser import PATIENCE, Page, Stuck
from tests.faults.clients import POLL, Application, mailed_link
from tests.faults.kill_browser import KillingWorld
from tests.faults.kill_signals import nobody_rings

DAYS_PASS = (
    "UPDATE tasks SET opened_at = opened_at - interval '15 days' WHERE entity_id = :id",
    "UPDATE deadlines SET due_at = due_at - interval '15 days' WHERE entity_id = :id AND fired_at IS NULL",
    "UPDATE signatures SET created_at = created_at - interval '15 days' WHERE enrollment_id = :id",
)
LINKS_AGE = "UPDATE links SET created_at = created_at - interval '1 hour'"


class RestlessApplication(Application):
    """An application whose people change their mind about everything once."""

    def __init__(self, world: KillingWorld, name: str, slug: str, engine: Engine) -> None:
        super().__init__(world, name, slug)
        self._engine = engine

    def prepare(self) -> None:
        """From the wish to a complete section A, with a location that comes and goes."""
        self._begin()
        self._fill(self._admin, self._section_link(self._admin, self._home), SectionKind.A)
        self._section_a = self._section_link(self._admin, self._home)
        self._add_location()
        self._change_locations()
        self._complete(self._admin, self._section_a)

    def gather(self) -> None:
        """Both sections complete; signers are asked again, replaced, waited for."""
        self._join_and_fill()
        self._ask_signer_again()
        self._name_signer()
        self._reopen()
        for signer in ("helen.grady", "eva.stone", "coordinator"):
            self._sign_as(signer)

    def tell(self) -> None:
        self.prepare()
        self.gather()
        self._submit()

    def prepare_shortly(self) -> None:
        """Straight on to both sections complete, all signatures asked for."""
        self._begin()
        self._section_a = self._section_link(self._admin, self._home)
        self._fill(self._admin, self._section_a, SectionKind.A)
        self._add_location()
        mailed_link(self._world, f"coordinator@{self._slug}.example.org", "enrollment/join")
        with nobody_rings(self._engine, self.id, lost=True):
            self._complete(self._admin, self._section_a)
        self._join_and_fill()

    def tell_shortly(self) -> None:
        """Straight on to the state's desk."""
        self.prepare_shortly()
        for signer in ("helen.grady", "walter.amos", "coordinator"):
            self._sign_as(signer)
        self._submit()

    def send_again(self) -> None:
        """Write what was returned anew, sign what has to be signed again, and send it."""
        first = f"{self._section_a}/{steps_of(SectionKind.A)[0].name}"
        self._until(lambda page: any(form.action == first for form in page.forms), first)
        page = self._admin.get(f"{first}/replies")
        form = page.form("/replies")
        note = next(name for name in form.values if name.startswith("reply_"))
        self._admin.press(page, form, "reply", {note: "This is the full name."})
        self._fill(self._admin, self._section_a, SectionKind.A)
        self._complete(self._admin, self._section_a)
        for signer in ("helen.grady", "walter.amos"):
            self._sign_as(signer)
        self._submit()

    def withdraw(self) -> None:
        """Give it up, with a reason."""
        given = {"reason": "The practice closed.", "confirmed": "y"}
        self._press(f"{self._home}/withdraw", "/withdraw", "withdraw", given)

    def let_links_end(self) -> None:
        """A wish whose link has come too late; the same person asks for a fresh one."""
        email = f"late@{self._slug}.example.org"
        given = {"organization_name": f"{self._name} Late", "name": "Lena Late", "email": email}
        self._press("/enrollment/begin/details", "begin/details", "begin", given)
        link = mailed_link(self._world, email, "enrollment/confirm")
        self.sql("UPDATE links SET expires_at = now() - interval '1 minute' WHERE address = :email", email=email)
        self._press(link, "/fresh", "fresh link", {})

    def wait_for_kept_signer(self) -> None:
        """Two weeks without a signature: wait for the same person once more."""
        for signer in ("helen.grady", "walter.amos", "coordinator"):
            mailed_link(self._world, f"{signer}@{self._slug}.example.org", "enrollment/sign")
        for statement in DAYS_PASS:
            self.sql(statement, id=self.id)
        self._sign_as("coordinator")
        home = self._until(lambda page: any("/keep" in form.action for form in page.forms))
        self._admin.press(home, home.form("/keep"), "keep signer", {})

    @property
    def id(self) -> str:
        return self._home.rpartition("/")[2]

    def sql(self, statement: str, **values: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def _press(self, address: str, part: str, name: str, given: dict[str, str]) -> Page:
        page = self._admin.get(address)
        return self._admin.press(page, page.form(part), name, given)

    def _change_locations(self) -> None:
        given = {
            "name": "Second",
            "coordinator_name": "Cleo Second",
            "coordinator_email": f"two@{self._slug}.example.org",
        }
        self._press(f"{self._home}/locations/add", "locations/add", "add location", given)
        mailed_link(self._world, given["coordinator_email"], "enrollment/join")
        self.sql(LINKS_AGE)
        home = self._admin.get(self._home)
        sent = [form for form in home.forms if "/sections/" in form.action and "send-again" in form.action]
        self._admin.press(home, sent[-1], "send invitation", {})
        links = [link for link in self._admin.get(f"{self._home}/locations").links if "/enrollment/locations/" in link]
        second = links[-1].removesuffix("/remove")
        second = next(
            (link.removesuffix("/remove") for link in links if "Second" in self._admin.get(link).text), second
        )
        self._press(second, second, "change location", given | {"name": "Second Office"})
        self._press(f"{second}/remove", "/remove", "remove location", {})

    def _ask_signer_again(self) -> None:
        for signer in ("helen.grady", "walter.amos"):
            mailed_link(self._world, f"{signer}@{self._slug}.example.org", "enrollment/sign")
        home = self._until(lambda page: any("/signatures/" in form.action for form in page.forms))
        self.sql(LINKS_AGE)
        home = self._admin.get(self._home)
        form = next(form for form in home.forms if "/signatures/" in form.action)
        self._admin.press(home, form, "send signature link", {})

    def _name_signer(self) -> None:
        home = self._admin.get(self._home)
        for link in [link for link in home.links if "/enrollment/signers/" in link]:
            page = self._admin.get(link)
            if "ceo_first_name" in page.text:
                given = {name: str(value) for name, value in SECTION_A.items() if name.startswith("ceo_")}
                given |= {
                    "ceo_first_name": "Eva",
                    "ceo_last_name": "Stone",
                    "ceo_email": f"eva.stone@{self._slug}.example.org",
                }
                self._admin.press(page, page.form("/signers/"), "name signer", given)
                mailed_link(self._world, given["ceo_email"], "enrollment/sign")
                return
        raise Stuck("no signer can be replaced")

    def _reopen(self) -> None:
        page = self._admin.get(f"{self._section_a}/check")
        self._admin.press(page, page.form("/reopen"), "reopen section", {})
        self._complete(self._admin, self._section_a)

    def _sign_as(self, signer: str) -> None:
        """The newest link is the one that counts: older ones died with the texts they led to."""
        email = f"{signer}@{self._slug}.example.org"
        names = {
            "helen.grady": "Helen Grady",
            "eva.stone": "Eva Stone",
            "walter.amos": "Walter Amos",
            "coordinator": "Carla Coordinator",
        }
        browser = self._world.browser(f"signer-{email}")
        until = time.monotonic() + 2 * PATIENCE
        number = 1
        while time.monotonic() < until:
            page = browser.get(mailed_link(self._world, email, "enrollment/sign", number))
            if any("typed_name" in form.values for form in page.forms):
                form = next(form for form in page.forms if "typed_name" in form.values)
                browser.press(page, form, "sign", {"typed_name": names[signer], "confirmed": "y"})
                return
            number += 1
        raise Stuck(f"{email} has nothing to sign")

    def _until(self, seen: Callable[[Page], bool], address: str = "") -> Page:
        """The administrator's page at an address, the home page as a rule, as soon as it shows what is waited for."""
        until = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < until:
            page = self._admin.get(address or self._home)
            if seen(page):
                return page
            time.sleep(POLL)
        raise Stuck(f"{address or self._home} does not move on")
