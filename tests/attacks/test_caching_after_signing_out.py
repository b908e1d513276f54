"""What a browser keeps (S37): after signing out nothing; and what goes onto paper."""

from __future__ import annotations

import pytest

from tests.webapp.accounts import PASSWORD, make_account

KEPT = """async () => ({
  local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length })"""
NOTHING = {"local": 0, "session": 0, "cookies": "", "databases": 0, "caches": 0, "workers": 0}


def sign_in(database, address, page):
    make_account(database.app_engine, name="Zzcanary Ruiz")
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "ana@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


@pytest.mark.journey
def test_after_signing_out_nothing_is_left_in_the_browser(database, address, page):
    sign_in(database, address, page)
    page.goto(f"{address}/account")
    assert "Zzcanary" in page.content()
    assert page.evaluate(KEPT) == NOTHING
    page.evaluate("localStorage.setItem('left', 'behind')")

    with page.expect_response(lambda answer: answer.url.endswith("/sign-out")) as heard:
        page.get_by_role("button", name="Sign out").click()
    assert heard.value.header_value("clear-site-data") == '"cache", "storage"'
    page.wait_for_url(f"{address}/")
    assert page.evaluate(KEPT) == NOTHING
    page.go_back()
    page.wait_for_load_state()
    assert "Zzcanary" not in page.content()
    assert page.url.startswith(f"{address}/sign-in")
    page.reload()
    assert "Zzcanary" not in page.content()


@pytest.mark.journey
def test_paper_gets_what_is_read_and_nothing_that_is_pressed(database, address, page):
    sign_in(database, address, page)
    page.goto(f"{address}/account/sessions")
    pressed = page.locator("button:visible, input:visible, nav:visible")
    assert pressed.count() > 0
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert pressed.count() == 0
