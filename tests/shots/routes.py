"""The pages that there are, by the app's own map of addresses; and those of them that are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

NO_PAGES: Mapping[str, str] = {
    "static": "files",
    "health.live": "an answer for machines",
    "health.ready": "an answer for machines",
    "identity.session_left": "an answer for the page's own script",
    "identity.second_factor_picture": "a picture inside the page that sets up a second factor",
    "tasks.news": "a part of the inbox that its script asks for",
    "tasks.after_an_act": "leads on to the task",
    "tasks.go_on": "leads on to the next task",
}
"""What answers GET and is not a page of its own, with the reason."""
Values = dict[str, set[str]]


class Routes:
    """Finds the rule of an address, and the addresses of a rule."""

    def __init__(self, url_map: Map) -> None:
        self._adapter = url_map.bind("localhost")
        self.pages = {
            rule.endpoint: rule
            for rule in sorted(url_map.iter_rules(), key=lambda rule: rule.rule)
            if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
        }

    def rule_of(self, address: str) -> tuple[str, Mapping[str, object]] | None:
        """The endpoint of an address and the values in it; None where it is no page."""
        try:
            endpoint, values = self._adapter.match(urlsplit(address).path, method="GET")
        except HTTPException:
            return None
        return (endpoint, values) if endpoint in self.pages else None

    def without_values(self) -> list[str]:
        """The addresses that need to know nothing."""
        return [rule.rule for rule in self.pages.values() if not rule.arguments]

    def filled_in(self, endpoint: str, known: Values, most: int) -> list[str]:
        """Addresses of a rule made with the values that were seen in others, as many at most."""
        rule = self.pages[endpoint]
        names = sorted(rule.arguments)
        wanted = [sorted(known.get(name, ())) for name in names]
        built = (self._build(rule, dict(zip(names, values, strict=True))) for values in product(*wanted))
        return [address for address, _number in zip(built, range(most), strict=False)]

    def _build(self, rule: Rule, values: dict[str, str]) -> str:
        adapter_values = {name: _typed(rule, name, value) for name, value in values.items()}
        return str(self._adapter.build(rule.endpoint, adapter_values))


def _typed(rule: Rule, name: str, value: str) -> object:
    return rule._converters[name].to_python(value)


def missing(routes: Routes, reached: Iterable[str]) -> list[str]:
    """The rules of pages that nobody has reached."""
    seen = set(reached)
    return [f"{endpoint} ({rule.rule})" for endpoint, rule in routes.pages.items() if endpoint not in seen]
