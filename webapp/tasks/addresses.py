"""The address of an inbox page: its whole state, so that it can be kept, shared and gone back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import url_for

from models.domain.core.tasks import Urgency
from models.queries.core.lists.keyset import Key, parse_key
from models.queries.core.tasks import View

Choice = TypeVar("Choice", bound=StrEnum)
SOME_TASK = UUID(int=0)


@dataclass(frozen=True, slots=True)
class InboxAddress:
    """A view, one group of urgency or all, and the row that the page begins behind."""

    view: View = View.MINE
    group: Urgency | None = None
    after: Key | None = None

    @property
    def query(self) -> dict[str, Any]:
        """What stands behind the question mark; only what is not the default."""
        pairs = (("view", self.view), ("due", self.group), ("after", self.after))
        return {name: str(wanted) for name, wanted in pairs if wanted is not None}

    @property
    def url(self) -> str:
        return url_for("tasks.inbox", **self.query)

    def on(self, view: View) -> str:
        """The first page of another view, under the same filter."""
        return replace(self, view=view, after=None).url

    def of_group(self, group: Urgency | None) -> str:
        """The first page of this view, of one group or of all."""
        return replace(self, group=group, after=None).url

    def behind(self, key: Key | None) -> str | None:
        """The page after this one."""
        return replace(self, after=key).url if key else None

    @property
    def first(self) -> str | None:
        """The first page, unless this is it."""
        return replace(self, after=None).url if self.after else None


def addresses_of_tasks(endpoint: str, **query: Any) -> Callable[[UUID], str]:
    """The address of a page of any task: built once, then each task's id is put into it."""
    before, _, behind = url_for(endpoint, task_id=SOME_TASK, **query).partition(str(SOME_TASK))
    return lambda task_id: f"{before}{task_id}{behind}"


def read_address(query: Mapping[str, str]) -> InboxAddress:
    """The state that a query names; what means nothing is as if it was not there."""
    return InboxAddress(
        view=_choice(View, query.get("view", "")) or View.MINE,
        group=_choice(Urgency, query.get("due", "")),
        after=parse_key(query.get("after", "")),
    )


def _choice(choices: type[Choice], text: str) -> Choice | None:
    return choices(text) if text in list(choices) else None
