"""The eye on every page that a person visits: accessibility, the console, and the width of a phone."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 720}
UNLIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w-]{40,}")
NOTHING = "0"
"""The program axe is on the page already."""
REFUSED = "status of 422"
SHAPE = """() => {
  const shape = (node) => node.tagName + "." + node.className + "(" + [...node.children].map(shape).join() + ")";
  return document.documentElement.lang + document.title + shape(document.body);
}"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) { return []; }
  return [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > width + 1)
    .map((node) => node.tagName + "." + node.className).slice(0, 8);
}"""


class Watch:
    """Looks at one tab. `seen` is shared by all journeys, so that no page is looked at twice."""

    def __init__(self, page: Page, seen: set[int]) -> None:
        self._page, self._seen = page, seen
        self._complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(f"script: {error}"))

    def look(self) -> None:
        """Check the page as it is now, wide and narrow, unless one of this very shape was checked before."""
        name = UNLIKE.sub("…", self._page.url)
        assert not self._complaints, f"{name}: {self._complaints}"
        shape = hash((name, self._page.evaluate(SHAPE)))
        if shape in self._seen:
            return
        self._seen.add(shape)
        self._check(Axe(), f"{name} ({self._page.title()}), wide")
        self._page.set_viewport_size(PHONE)
        self._check(Axe(NOTHING), f"{name} ({self._page.title()}), on a phone")
        self._page.set_viewport_size(WIDE)

    def _check(self, axe: Axe, name: str) -> None:
        found = axe.run(self._page)
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        wide = self._page.evaluate(OVERFLOW)
        assert not wide, f"{name} scrolls sideways: {wide}"

    def _hear(self, message: ConsoleMessage) -> None:
        """A refused form is no fault of the page, though Chromium says so in its console."""
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            self._complaints.append(f"{message.type}: {message.text}")
