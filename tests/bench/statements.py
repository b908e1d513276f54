"""Counts the SQL statements that an engine sends; pings, begins and commits are none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


class Statements:
    """The statements of one block, in order."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    @property
    def count(self) -> int:
        return len(self.sent)

    def _note(self, _connection: object, _cursor: object, statement: str, *_more: Any) -> None:
        self.sent.append(statement)


@contextmanager
def statements_of(engine: Engine) -> Iterator[Statements]:
    """Notes every statement of the engine while the block runs."""
    seen = Statements()
    event.listen(engine, "before_cursor_execute", seen._note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", seen._note)
