"""A browser for clients that survive faults: it reads forms and presses their buttons, again when it must."""

from __future__ import annotations

import ipaddress
import random
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from tests.faults.journal import Act, Journal

PRESSED_TWICE = 0.3
"""How many of all forms are sent a second time after their answer."""
SIGNING_IN = frozenset({"sign in", "second factor", "confirm", "join"})
"""Forms that begin a session: with the new cookie, the old form is nobody's any more."""
PATIENCE = 90.0
PAUSE = 0.15


class Stuck(Exception):
    """The page is not what the client expected; the run has found something."""


@dataclass
class PageForm:
    """A form of a page, with everything that is already filled in."""

    action: str
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self.title = ""
        self._form: PageForm | None = None
        self._textarea = ""
        self._select = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "title":
            self._in_title = True
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "button" and given.get("type", "submit") == "submit":
            self._form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and given.get("type") in {"checkbox", "radio"}:
            if "checked" in given:
                self._form.values[name] = given.get("value", "on")
        elif tag == "input" and name and given.get("type") not in {"submit", "button"}:
            self._form.values[name] = given.get("value", "")
        elif tag == "textarea" and name:
            self._textarea = name
            self._form.values[name] = ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._form.values[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._textarea and self._form is not None:
            self._form.values[self._textarea] += data


@dataclass
class Page:
    """A page that came whole."""

    url: str
    status: int
    text: str
    title: str
    forms: list[PageForm]
    links: list[str]

    def form(self, part_of_action: str) -> PageForm:
        """The form whose address holds this; raises `Stuck` when the page has none."""
        for form in self.forms:
            if part_of_action in form.action or (not form.action and part_of_action in self.url):
                return form
        raise Stuck(f"{self.url} ({self.status}, {self.title.strip()!r}) has no form {part_of_action!r}")

    def link(self, part: str) -> str:
        """The first link that holds this."""
        for link in self.links:
            if part in link:
                return link
        raise Stuck(f"{self.url} ({self.status}, {self.title.strip()!r}) has no link {part!r}")


class Browser:
    """One person's browser. Broken connections and answers of 500 and more are tried again, with the same form."""

    def __init__(self, name: str, base: str, journal: Journal) -> None:
        self.name = name
        self._journal = journal
        self._chance = random.Random(name)  # which forms are pressed twice
        headers = {"Accept-Language": "en", "X-Forwarded-For": address_of(name)}
        self._http = httpx.Client(base_url=base, timeout=10, headers=headers)

    def get(self, path: str) -> Page:
        """A page, however long it takes; follows redirects."""
        until = time.monotonic() + PATIENCE
        while True:
            page = self._try_get(path)
            if page is not None:
                return page
            if time.monotonic() > until:
                raise Stuck(f"{path} did not come within {PATIENCE:.0f} s")
            time.sleep(PAUSE)

    def _try_get(self, path: str) -> Page | None:
        began = time.monotonic()
        try:
            answer = self._http.get(path, follow_redirects=True)
        except httpx.TransportError:
            return None
        finally:
            self._journal.time_answer(began)
        return None if answer.status_code >= 500 else read_page(answer)

    def press(self, page: Page, form: PageForm, name: str, values: Mapping[str, str]) -> Page:
        """Send a form until it is answered, and go where the answer leads.

        A connection that breaks leaves the act `unknown`; the same form is sent again under the same key.
        """
        data = form.values | dict(values)
        key = data.get("form_token", "")
        where = urljoin(page.url, form.action or page.url)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            act = self._journal.invoke(self.name, name, key)
            began = time.monotonic()
            try:
                answer = self._http.post(where, data=data)
            except httpx.TransportError:
                self._journal.note(act, "unknown")
                time.sleep(PAUSE)
                continue
            finally:
                self._journal.time_answer(began)
            if answer.status_code >= 500:
                self._journal.note(act, "unknown", str(answer.status_code))
                time.sleep(PAUSE)
            elif answer.is_redirect:
                self._journal.note(act, "ok", answer.headers["location"])
                if self._chance.random() < PRESSED_TWICE and name not in SIGNING_IN:
                    self._press_again(act, where, data)
                return self.get(answer.headers["location"])
            else:
                self._journal.note(act, "fail", str(answer.status_code))
                return read_page(answer)
        raise Stuck(f"{name} at {where} was not answered within {PATIENCE:.0f} s")

    def _press_again(self, act: Act, where: str, data: Mapping[str, str]) -> None:
        """A second press of the same button: it must be answered like the first (C2, I15)."""
        try:
            answer = self._http.post(where, data=data)
        except httpx.TransportError:
            return
        if answer.status_code < 500:
            self._journal.note(act, "ok", answer.headers.get("location", f"status {answer.status_code}"))


def address_of(name: str) -> str:
    """The network address of a person, as the proxy in front of the web app would tell it: everybody has another."""
    return str(ipaddress.IPv4Address(0x0A000000 + zlib.crc32(name.encode()) % 0x1000000))


def read_page(answer: httpx.Response) -> Page:
    """A page with its forms and links."""
    forms = _Forms()
    forms.feed(answer.text)
    return Page(str(answer.url), answer.status_code, answer.text, forms.title, forms.forms, forms.links)
