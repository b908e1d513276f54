"""One person's walk: every page without values, then every link of every page, until nothing new is found."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, Response

from tests.shots.camera import Camera
from tests.shots.people import VISITOR, Walker
from tests.shots.routes import Routes, Values

LANGUAGES = ("en", "es")
CASES = {"enrollment.application": 12, "tasks.task": 12, "enrollment.record": 12, "enrollment.sign": 3}
"""Pages that look different in each state of what they show, and how many of them are pictured for a role."""
SAME_FOR_ALL = ("public.", "enrollment.begin", "enrollment.details", "enrollment.mail_sent", "enrollment.link_sent")
"""Pages on which nothing but the header changes with the person: pictured for a visitor."""
TRIES = 12
SHORTEST_ID = 30


@dataclass
class Reached:
    """What all walks have found so far: the rules, the values in addresses, and how many pages of each kind."""

    endpoints: set[str] = field(default_factory=set)
    values: Values = field(default_factory=dict)
    pictured: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: set[tuple[str, str]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)


class Walk:
    """The walk of one person in one browser."""

    def __init__(
        self, context: BrowserContext, base: str, routes: Routes, camera: Camera, reached: Reached, who: Walker
    ) -> None:
        self.page: Page = context.new_page()
        self.base, self.role = base, who.role
        self._routes, self._camera, self._reached = routes, camera, reached
        self._known: Values = {}
        self._seen: set[str] = set()
        self._waiting: deque[str] = deque()

    def everything(self, also: Iterable[str] = ()) -> None:
        """Walk until nothing new is found, then try rules that no link leads to with the values that were seen."""
        self._add([*also, *self._routes.without_values()])
        self._walk()
        for endpoint in set(self._routes.pages) - self._reached.endpoints:
            self._add(self._routes.filled_in(endpoint, self._known, TRIES))
        self._walk()

    def visit(self, address: str) -> list[str]:
        """Open a page and picture it in every language; its links. A page of an error is passed over."""
        known = self._routes.rule_of(address)
        if known is not None and known[0] not in CASES and self._enough_of(*known, address):
            return []
        answer = self.page.goto(self._absolute(address, "en"))
        found = self._routes.rule_of(self.page.url)
        if answer is None or not self._is_page(answer, address) or found is None:
            return []
        endpoint, values = found
        for name, value in values.items():
            self._known.setdefault(name, set()).add(str(value))
        self._reached.endpoints.add(endpoint)
        links = self._links()
        if self._wanted(endpoint, values):
            self.picture(self._name(endpoint, values))
        return links

    def picture(self, name: str, *, as_it_is: bool = False) -> None:
        """Picture the page that is open; `as_it_is` where opening it again would change what it shows."""
        if as_it_is:
            language = self.page.locator("html").get_attribute("lang") or "en"
            self._camera.take(self.page, role=self.role, name=name, language=language)
            return
        for language in LANGUAGES:
            wanted = self._absolute(self.page.url, language)
            if self.page.url != wanted:
                self.page.goto(wanted)
            if self.page.locator("html").get_attribute("lang") == language:
                self._camera.take(self.page, role=self.role, name=name, language=language)

    def note(self) -> None:
        """The page that is open counts as reached, whatever led there."""
        found = self._routes.rule_of(self.page.url)
        if found is not None:
            self._reached.endpoints.add(found[0])

    def _walk(self) -> None:
        while self._waiting:
            self._add(self.visit(self._waiting.popleft()))

    def _add(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            parts = urlsplit(address)
            key = f"{parts.path}?{parts.query}"
            if key not in self._seen and self._routes.rule_of(address) is not None and "lang=" not in parts.query:
                self._seen.add(key)
                self._waiting.append(address)

    def links_of(self, selector: str) -> list[str]:
        """The whole addresses of the links that a selector finds."""
        links: list[str] = self.page.eval_on_selector_all(selector, "found => found.map(each => each.href)")
        return links

    def _links(self) -> list[str]:
        links = self.links_of("a[href]")
        return [link.partition("#")[0] for link in links if link.startswith(self.base)]

    def _is_page(self, answer: Response, address: str) -> bool:
        if answer.status >= 500:
            self._reached.failed.append(f"{address} ({self.role}): {answer.status}")
        return answer.ok and "text/html" in (answer.headers.get("content-type") or "")

    def _wanted(self, endpoint: str, values: Mapping[str, object]) -> bool:
        place = (self.role, f"{urlsplit(self.page.url).path} {_view(self.page.url)}")
        if place in self._reached.places or self._enough_of(endpoint, values, self.page.url):
            return False
        self._reached.places.add(place)
        self._reached.pictured[self.role, _kind(endpoint, values, self.page.url)] += 1
        return True

    def _enough_of(self, endpoint: str, values: Mapping[str, object], address: str) -> bool:
        if self.role != VISITOR.role and endpoint.startswith(SAME_FOR_ALL) and endpoint != "public.start":
            return endpoint in self._reached.endpoints
        return self._reached.pictured[self.role, _kind(endpoint, values, address)] >= CASES.get(endpoint, 1)

    def _name(self, endpoint: str, values: Mapping[str, object]) -> str:
        kind = _kind(endpoint, values, self.page.url)
        number = self._reached.pictured[self.role, kind]
        return f"{kind} {number}" if endpoint in CASES else kind

    def _absolute(self, address: str, language: str) -> str:
        parts = urlsplit(address)
        query = "&".join([part for part in parts.query.split("&") if part and not part.startswith("lang=")])
        return f"{self.base}{parts.path}?{query}{'&' if query else ''}lang={language}"


def _kind(endpoint: str, values: Mapping[str, object], address: str) -> str:
    """What pages have in common that differ in nothing but the ids in their addresses."""
    words = [str(value) for value in values.values() if len(str(value)) < SHORTEST_ID]
    return " ".join([endpoint, *words, _view(address)]).strip()


def _view(address: str) -> str:
    parts = urlsplit(address)
    return "".join(parse_qs(parts.query).get("view", ("mine",) if parts.path == "/tasks" else ()))
