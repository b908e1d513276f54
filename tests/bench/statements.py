"""Counts the SQL statements that an engine sends; pings, begins and commits are none.

What is written later travels with another statement and is none of its own: it stands in `carried`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from models.postgres.write_behind import waits


class Statements:
    """The statements of one block, in order."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.carried: list[str] = []

    @property
    def count(self) -> int:
        return len(self.sent)

    def _note(
        self, _connection: object, _cursor: object, statement: str, _values: object, context: Any, _many: bool
    ) -> None:
        (self.carried if waits(context) else self.sent).append(statement)


@contextmanager
def statements_of(engine: Engine) -> Iterator[Statements]:
    """Notes every statement of the engine while the block runs."""
    seen = Statements()
    event.listen(engine, "after_cursor_execute", seen._note)
    try:
        yield seen
    finally:
        event.remove(engine, "after_cursor_execute", seen._note)
