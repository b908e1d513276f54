"""Fixtures of the journeys: the stack of this test worker, and Chromium for one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.setup.browser import INSTALL, find_browser
from tests.journeys.stack import World, run_world

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The whole stack, started for the first journey of a test worker."""
    with run_world() as started:
        yield started


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The browser. It ends with its test, since while it runs no other test could have an event loop."""
    program = find_browser()
    if program is None:
        pytest.fail(f"Journeys need Chromium: {' '.join(INSTALL)}", pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()
