"""A browser under whose presses the web dies: at every point of an endpoint in turn, before it is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from uuid import uuid4

import httpx
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.faults.browser import PATIENCE, PAUSE, Page, PageForm, Stuck
from tests.faults.clients import World
from tests.faults.journal import Journal
from tests.faults.kill_switch import Fault, Switch
from tests.faults.kill_targets import points_of_post, posts_of
from tests.faults.swallowed import PatientBrowser
from tests.unconnected import unconnected_app


class PostPoints:
    """Which points of which POST still have to fire; shared by all browsers of a run."""

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._app: Flask = unconnected_app()
        self.waiting = {endpoint: points_of_post(endpoint) for endpoint in posts_of(self._app)}
        self.all = [point for points in self.waiting.values() for point in points]
        self._lock = threading.Lock()

    def arm_next(self, path: str) -> None:
        """Let the web die at the next point of the endpoint that this address leads to."""
        try:
            endpoint, _ = self._app.url_map.bind("localhost").match(path, method="POST")
        except HTTPException:
            return
        with self._lock:
            armed = any(name.startswith(f"{endpoint}.") for name in self._switch.armed())
            if self.waiting[endpoint] and not armed:
                self._switch.arm(Fault(self.waiting[endpoint].pop(0), 1))

    def left(self, endpoint: str) -> bool:
        """Whether a point of an endpoint has not fired yet."""
        return bool(self.waiting[endpoint]) or any(name.startswith(f"{endpoint}.") for name in self._switch.armed())


class KillingBrowser(PatientBrowser):
    """Arms a point, if it has any, before each press; presses until it is answered; signs in again where it must."""

    def __init__(self, name: str, base: str, journal: Journal, points: PostPoints | None = None) -> None:
        super().__init__(name, base, journal)
        self.points = points
        if points is not None:
            self._http.event_hooks["request"] = [lambda sent: _arm(points, sent)]

    def kills_more(self, endpoint: str) -> bool:
        """Whether the web still has to die under this endpoint."""
        return self.points is not None and self.points.left(endpoint)

    def submit(self, address: str, part: str, name: str, values: Mapping[str, str] | None = None) -> Page:
        """Open a page and press the form in it whose address holds `part`."""
        page = self.get(address)
        return self.press(page, _whole(page, part), name, values or {})

    def press(self, page: Page, form: PageForm, name: str, values: Mapping[str, str]) -> Page:
        """As any browser; a form without a token of ours gets one, by which the run knows it again."""
        return super().press(page, form, name, {"form_token": uuid4().hex} | form.values | dict(values))

    def ask(self, address: str, token: str, name: str) -> httpx.Response:
        """What a script of the page sends, until it is answered."""
        until, key = time.monotonic() + PATIENCE, uuid4().hex
        while time.monotonic() < until:
            act = self._journal.invoke(self.name, name, key)
            try:
                answer = self._http.post(address, headers={"X-CSRFToken": token}, data={"form_token": key})
            except httpx.TransportError:
                self._journal.note(act, "unknown")
                time.sleep(PAUSE)
                continue
            if answer.status_code < 500:
                self._journal.note(act, "ok" if answer.is_success else "fail", str(answer.status_code))
                return answer
            self._journal.note(act, "unknown", str(answer.status_code))
            time.sleep(PAUSE)
        raise Stuck(f"{address} was not answered within {PATIENCE:.0f} s")


class KillingWorld(World):
    """The world of clients whose browsers kill; without points every press lives."""

    points: PostPoints | None = None

    def browser(self, name: str) -> KillingBrowser:
        return KillingBrowser(name, self.web_url, self.journal, self.points)


def _arm(points: PostPoints, sent: httpx.Request) -> None:
    if sent.method == "POST":
        points.arm_next(sent.url.path)


def _whole(page: Page, part: str) -> PageForm:
    """The form of a page with that address; the first that posts where the address is only a part of it."""
    exact = [form for form in page.forms if form.method == "post" and form.action.partition("?")[0] == part]
    return exact[0] if exact else page.form(part)
