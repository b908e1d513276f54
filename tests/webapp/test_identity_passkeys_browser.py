"""A passkey in a real browser, with Chromium's own virtual authenticator."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from deploy.setup.browser import find_browser
from models.domain.permissions import Role
from tests.webapp.accounts import PASSWORD, code_now, make_account

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
KEY = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}


@pytest.fixture
def address(app):
    """The web app at an address of its own."""
    server = make_server("localhost", 0, app, threaded=True)
    home = f"http://localhost:{server.server_port}"
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url=home)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield home
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        opened = browser.new_page()
        opened.set_default_timeout(15_000)
        yield opened
        browser.close()


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
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{address}/tasks")

    page.goto(f"{address}/account")
    page.get_by_role("link", name="Passkeys and security keys").click()
    page.fill("input[name=name]", "my laptop")
    page.get_by_role("button", name="Connect it").click()
    page.get_by_text("my laptop", exact=True).wait_for()

    page.get_by_role("button", name="Sign out").click()
    type_the_password(page, address)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/tasks")
    assert not said
