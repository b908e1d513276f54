"""The canaries of a run: what stands in the columns that tell of people or open something, and the mailed tokens."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Engine, text

from tests.canaries.columns import Column

TELLING = re.compile(r"zz|@|\w \w.* \w|^[0-9a-f]{32,}$|^[0-9]{6,}$", re.IGNORECASE)
"""A word that may stand anywhere tells nothing when it is found: a canary has a mark, is an address, a number or a
sentence."""
SHORTEST = 8
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An id names a thing and opens nothing: it may stand in Temporal and in the logs."""


def canaries_in(engine: Engine, columns: list[Column]) -> set[str]:
    """Every telling text in some columns, and in the objects that stand in them."""
    found: set[str] = set()
    with engine.connect() as connection:
        for table, column in columns:
            query = text(f'SELECT DISTINCT to_jsonb("{column}") FROM "{table}" WHERE "{column}" IS NOT NULL')
            for value in connection.execute(query).scalars():
                found.update(_telling(value))
    return found


def filled(engine: Engine, columns: Iterable[Column]) -> set[Column]:
    """The columns that hold something in some row."""
    with engine.connect() as connection:
        return {
            (table, column)
            for table, column in columns
            if connection.execute(text(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}" IS NOT NULL)')).scalar()
        }


def mailed_tokens(mail_url: str) -> set[str]:
    """The secret part of every link that was mailed."""
    with urllib.request.urlopen(f"{mail_url}/api/mails", timeout=5) as answer:  # our own mail catcher
        mails = json.load(answer)
    last = {part for mail in mails for part in re.findall(r"https?://\S+/([A-Za-z0-9_-]{20,})", mail["text"])}
    return {part for part in last if not ID.fullmatch(part)}


def _telling(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _telling(part)
    elif isinstance(value, str):
        plain = value.removeprefix("\\x")
        if len(plain) >= SHORTEST and TELLING.search(plain):
            yield plain
