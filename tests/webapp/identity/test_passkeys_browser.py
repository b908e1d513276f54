"""A passkey in a real browser, with Chromium's own virtual authenticator."""

from __future__ import annotations

import pytest

from models.domain.core.permissions import Role
from tests.webapp.accounts import PASSWORD, code_now, make_account

KEY = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}


def plug_in_a_key(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "automaticPresenceSimulation": True}})


def type_the_password(page, address):
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "ana@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


@pytest.mark.journey
def test_a_passkey_takes_the_place_of_the_code(database, address, page):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    make_account(database.app_engine, role=Role.REV, team="enrollment")
    plug_in_a_key(page)

    type_the_password(page, address)
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    page.fill("input[name=code]", code_now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{address}/tasks")

    page.goto(f"{address}/account")
    page.get_by_role("link", name="Passkeys and security keys").click()
    page.fill("input[name=name]", "my laptop")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("my laptop", exact=True).wait_for()

    page.get_by_role("button", name="Sign out").click()
    type_the_password(page, address)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/tasks")
    assert not said
