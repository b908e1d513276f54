"""The fixtures `address` and `page`: the web app of a test at an address of its own, and Chromium to look at it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from deploy.setup.browser import find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


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
