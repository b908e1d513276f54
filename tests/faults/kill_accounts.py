"""The person of a kill run who uses every page of the own account, from signing in to turning the second step off."""

from __future__ import annotations

import json
import re

import pyotp
from sqlalchemy import Engine, text

from tests.faults.browser import Page, Stuck
from tests.faults.clients import mailed_link
from tests.faults.kill_browser import KillingBrowser, KillingWorld
from tests.faults.kill_people import give_role
from tests.webapp.authenticator import SoftKey
from webapp.cli.demo.people import PASSWORD

OTHER_PASSWORD = "granite-otter-lantern-meadow"  # the second one of a made-up person
SILENT = "sign in"
"""The journal's name of every act that leaves no row under its form's key."""
SECRET = re.compile(r"\b((?:[A-Z2-7]{4}\s){7}[A-Z2-7]{4})\b")
RECOVERY = re.compile(r">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})<")
DOOR = "/account/second-factor"
BACK = """UPDATE sessions SET proved_at = proved_at - interval '1 hour' WHERE account_id = :who"""


class AccountOwner:
    """One account, its browser, and what its owner has in hand: password, app, recovery codes, a security key."""

    def __init__(self, world: KillingWorld, engine: Engine, email: str) -> None:
        self.world, self._engine, self.email = world, engine, email
        self.browser: KillingBrowser = world.browser(email)
        self.passwords = [PASSWORD]
        self.secret = ""
        self.key = SoftKey(origin=world.web_url)

    def sign_in(self, address: str = "/account") -> Page:
        """The page, after signing in and confirming as often as it takes."""
        for _ in range(12):
            page = self.browser.get(address)
            if "/sign-in" in page.url:
                self._type_password(page)
            elif "/second-factor" in page.url and "/second-factor/" not in page.url:
                self.type_code(page)
            elif "/account/confirm" in page.url:
                self._confirm(page)
            else:
                return page
        raise Stuck(f"{self.email} does not get to {address}: {page.url}")

    def _type_password(self, page: Page) -> None:
        for password in reversed(self.passwords):
            self.forget_tries()
            given = {"email": self.email, "password": password}
            if self.browser.press(page, page.form("/sign-in"), SILENT, given).status < 400:
                return

    def _confirm(self, page: Page) -> None:
        if self.secret:
            self.type_code(page)
        else:
            given = {"current_password": self.passwords[-1]}
            self.browser.press(page, page.form("/account/confirm"), SILENT, given)

    def type_code(self, page: Page) -> Page:
        """The code of the app, which may be typed again: the run does not wait for the next one."""
        self.forget_tries()
        form = next(form for form in page.forms if "code" in form.values)
        return self.browser.press(page, form, SILENT, {"code": pyotp.TOTP(self.secret).now()})

    def forget_tries(self) -> None:
        """A code counts once and tries are braked; here the same person signs in again and again."""
        self.sql("UPDATE accounts SET totp_last_step = NULL WHERE id = :who")
        self.sql("DELETE FROM attempts")

    def sql(self, statement: str) -> None:
        with self._engine.begin() as connection:
            who = connection.execute(
                text("SELECT id FROM accounts WHERE email = :email"), {"email": self.email}
            ).scalar()
            connection.execute(text(statement), {"who": who} if ":who" in statement else {})

    def press(self, address: str, part: str, act: str, /, **values: str) -> Page:
        """Open a page of the account and press one of its forms."""
        self.sign_in(address)
        return self.browser.submit(address, part, act, values)


def use_account(owner: AccountOwner) -> None:
    """Name, language, password, sessions."""
    owner.sign_in()
    owner.press("/account", "/account", "edit account", name="Ida Moss", language="en")
    owner.press("/account/sessions", "/language", "keep language")
    token = owner.sign_in().forms[0].values["csrf_token"]
    owner.browser.ask("/account/session", token, SILENT)
    beside = AccountOwner(owner.world, owner._engine, owner.email)
    beside.sign_in()
    owner.press("/account/sessions", "/account/sessions", "end session")
    beside.sign_in()
    owner.press("/account/sessions/end-others", "/account/sessions/end-others", "end others")
    owner.passwords.append(OTHER_PASSWORD)
    given = {"current_password": PASSWORD, "password": OTHER_PASSWORD}
    owner.press("/account/password", "/account/password", SILENT, **given)
    owner.sql(BACK)
    owner.sign_in("/account/sessions/end-others")
    owner.press("/account", "/sign-out", SILENT)


def use_second_factor(owner: AccountOwner) -> None:
    """Set it up, sign in with each kind of it, replace it, take it away again."""
    owner.press(f"{DOOR}/add", f"{DOOR}/add", SILENT, current_password=owner.passwords[-1])
    _set_up(owner)
    codes = _new_codes(owner)
    _use_key(owner)
    owner.press("/account", "/sign-out", SILENT)
    _half_signed_in(owner)
    for code in codes[:4]:
        page = owner.browser.get(f"{DOOR}/recovery")
        if "/recovery" not in page.url:
            break
        owner.forget_tries()
        owner.browser.press(page, page.form("recovery"), SILENT, {"code": code})
        _half_signed_in(owner)
    _confirm_again(owner)
    owner.press("/account/passkeys", "/account/passkeys/remove", "remove key")
    owner.press(f"{DOOR}/replace", f"{DOOR}/replace", SILENT, current_password=owner.passwords[-1])
    _set_up(owner)
    owner.press(f"{DOOR}/remove", f"{DOOR}/remove", SILENT, current_password=owner.passwords[-1])
    owner.secret = ""
    owner.sign_in()


def begin_as_staff(owner: AccountOwner) -> None:
    """Whoever becomes state staff while signed in sets the second step up before anything else opens."""
    owner.sign_in()
    give_role(owner._engine, owner.email)
    for _ in range(6):
        page = owner.browser.get(f"{DOOR}/set-up")
        if not any("/begin" in form.action for form in page.forms):
            break
        owner.browser.press(page, page.form(f"{DOOR}/begin"), SILENT, {})
    _set_up(owner)
    owner.sign_in()


def set_passwords_by_link(owner: AccountOwner, invited: AccountOwner) -> None:
    """Forgotten and asked for by mail; and the first one, by the link of an invitation."""
    owner.press("/account", "/sign-out", SILENT)
    owner.browser.submit("/account/forgot", "/account/forgot", SILENT, {"email": owner.email})
    link = mailed_link(owner.world, owner.email, "account/reset")
    owner.passwords.append("walnut-copper-harbor-sparrow")
    owner.browser.submit(link, "/account/reset", "reset password", {"password": owner.passwords[-1]})
    owner.sign_in()
    link = mailed_link(invited.world, invited.email, "account/invitation")
    invited.browser.submit(link, "/account/invitation", "accept invitation", {"password": PASSWORD})
    invited.sign_in()


def _confirm_again(owner: AccountOwner) -> None:
    """Prove who it is; more than once where the answer was lost with that of somebody else."""
    for _ in range(4):
        owner.sql(BACK)
        owner.sign_in("/account/passkeys")
        if not owner.browser.kills_more("identity.step_up"):
            return


def _half_signed_in(owner: AccountOwner) -> None:
    """Past the password and before the second step."""
    page = owner.browser.get("/account")
    if "/sign-in" in page.url:
        owner._type_password(page)


def _set_up(owner: AccountOwner) -> None:
    for _ in range(8):
        page = owner.browser.get(f"{DOOR}/set-up")
        if found := SECRET.search(page.text):
            owner.secret = "".join(found[1].split())
            owner.type_code(page)
        else:
            owner.sign_in()
            if "/set-up" not in owner.browser.get(f"{DOOR}/set-up").url:
                return
    raise Stuck(f"{owner.email} cannot set up the second step")


def _new_codes(owner: AccountOwner) -> list[str]:
    page = owner.sign_in("/account/recovery-codes")
    if any("/kept" in form.action for form in page.forms):
        page = owner.browser.press(page, page.form("/kept"), SILENT, {})
    owner.press("/account/recovery-codes", "/account/recovery-codes", "make codes")
    page = owner.sign_in("/account/recovery-codes")
    codes = RECOVERY.findall(page.text)
    owner.browser.press(page, page.form("/kept"), SILENT, {})
    if not codes:
        raise Stuck("no recovery codes are shown")
    return codes


def _use_key(owner: AccountOwner) -> None:
    page = owner.sign_in("/account/passkeys")
    options = owner.browser.ask("/account/passkeys/options", page.forms[0].values["csrf_token"], SILENT)
    form = next(form for form in page.forms if form.action == "/account/passkeys")
    owner.browser.press(page, form, "add key", {"name": "desk", "credential": owner.key.make(json.loads(options.text))})
    owner.press("/account", "/sign-out", SILENT)
    for _ in range(4):
        _half_signed_in(owner)
        page = owner.browser.get(DOOR)
        forms = [form for form in page.forms if "/passkey" in form.action]
        if not forms:
            return
        options = owner.browser.ask(f"{DOOR}/options", forms[0].values["csrf_token"], SILENT)
        signed = owner.key.sign(json.loads(options.text))
        owner.browser.press(page, forms[0], SILENT, {"credential": signed})
