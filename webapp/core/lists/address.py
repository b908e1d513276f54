"""The address of a list page: its whole state, so that it can be kept, shared and gone back to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from models.queries.core.lists.keyset import ListKey, parse_list_key

LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list may be narrowed by: one of some choices (value and words), or without them a text to look for."""

    name: str
    label: str
    choices: Mapping[str, str] | None = None

    def read(self, typed: str) -> str | None:
        """The value that an address names; None for what means nothing."""
        if self.choices is not None:
            return typed if typed in self.choices else None
        return typed.strip()[:LONGEST_TEXT].strip() or None

    def words(self, value: str) -> str:
        return value if self.choices is None else str(self.choices[value])


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that counts now, and the address of the list without it."""

    label: str
    value: str
    remove: str


@dataclass(frozen=True, slots=True)
class ListAddress:
    """A view with the values of its path, the filters that count (name and value), and where the page begins."""

    endpoint: str
    path: Mapping[str, Any]
    filters: tuple[Filter, ...]
    chosen: Mapping[str, str]
    after: ListKey | None = None

    @property
    def url(self) -> str:
        begins = {} if self.after is None else {"after": str(self.after)}
        values: dict[str, Any] = {**self.path, **self.chosen, **begins}
        return url_for(self.endpoint, **values)

    @property
    def chips(self) -> list[Chip]:
        """The filters that count, in the order in which they are offered."""
        return [
            Chip(str(one.label), one.words(self.chosen[one.name]), self.without(one.name))
            for one in self.filters
            if one.name in self.chosen
        ]

    @property
    def cleared(self) -> str:
        """The whole list, without a filter."""
        return replace(self, chosen={}, after=None).url

    @property
    def first(self) -> str | None:
        """The first page, unless this is it."""
        return replace(self, after=None).url if self.after else None

    def narrowed(self, name: str, value: str) -> str:
        """The first page with one more filter, or another value of it."""
        return replace(self, chosen={**self.chosen, name: value}, after=None).url

    def without(self, name: str) -> str:
        """The first page without a filter."""
        rest = {known: value for known, value in self.chosen.items() if known != name}
        return replace(self, chosen=rest, after=None).url

    def behind(self, key: ListKey | None) -> str | None:
        """The page after this one."""
        return replace(self, after=key).url if key else None

    def at(self, endpoint: str) -> str:
        """The same filters at another view, such as the export."""
        return replace(self, endpoint=endpoint, after=None).url


def read_list_address(
    endpoint: str, filters: Sequence[Filter], query: Mapping[str, str], **path: object
) -> ListAddress:
    """The state that a query names; what means nothing is as if it was not there."""
    found = ((one.name, one.read(query.get(one.name, ""))) for one in filters)
    chosen = {name: value for name, value in found if value is not None}
    return ListAddress(endpoint, path, tuple(filters), chosen, parse_list_key(query.get("after", "")))


def capped(count: int, limit: int) -> str:
    """A count in words: "99+" for as many as were counted, or more."""
    return f"{limit - 1}+" if count >= limit else str(count)
