"""Fixtures of the journeys: one stack, one Chromium and one memory of pages already looked at, for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from deploy.setup.browser import INSTALL, find_browser
from tests.journeys.stack import World, run_world

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="package")
def world() -> Iterator[World]:
    """The whole stack, from the first journey to the last: one test worker runs them all (tests/balance.py)."""
    with run_world() as started:
        yield started


@pytest.fixture(scope="package")
def one_playwright() -> Iterator[Playwright]:
    """The one driver of browsers. It ends with the last journey: while it runs no other test has an event loop."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def shared_chromium(one_playwright: Playwright) -> Iterator[Browser]:
    """The browser of the stories."""
    program = find_browser()
    if program is None:
        pytest.fail(f"Journeys need Chromium: {' '.join(INSTALL)}", pytrace=False)
    launched = one_playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def chromium(shared_chromium: Browser) -> Iterator[Browser]:
    """The browser, without what the people of a journey leave open in it."""
    yield shared_chromium
    for context in list(shared_chromium.contexts):
        context.close()
