"""The plans by which PostgreSQL really ran what a request asked, and how much of each table they read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2 import sql
from sqlalchemy import Engine, event

from tests.database import Database, Server

NOTED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
}


@dataclass(frozen=True, slots=True)
class Read:
    """How one statement read one table: by which kind of scan, and how many rows in all, kept or thrown away."""

    table: str
    scan: str
    rows: int
    query: str

    def __str__(self) -> str:
        return f"{self.scan} reads {self.rows:,} rows of {self.table}: {' '.join(self.query.split())[:300]}"


class _Notices:
    """Takes what the server says beside its answers; psycopg2 itself keeps only the last fifty."""

    def __init__(self, reads: list[Read]) -> None:
        self._reads = reads

    def append(self, notice: str) -> None:
        _said, found, plan = notice.partition("plan:")
        if found:
            told = json.loads(plan)
            self._reads += _reads_of(told["Plan"], told["Query Text"])


@contextmanager
def plans_of(database: Database, server: Server, *engines: Engine) -> Iterator[list[Read]]:
    """Every table that the engines' statements read inside, in order; also what triggers and functions read."""
    reads: list[Read] = []

    def listen(connection: Any, _record: object) -> None:
        connection.notices = _Notices(reads)

    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", listen)
    _say(database, server, "SET {} = {}")
    try:
        yield reads
    finally:
        _say(database, server, "RESET {}")
        for engine in engines:
            event.remove(engine, "connect", listen)
            engine.dispose()


def too_wide(reads: list[Read], sizes: Mapping[str, int], *, most: int) -> list[Read]:
    """Scans of a whole table that grows, and reads of more than so many of its rows."""
    growing = {table for table, size in sizes.items() if size > most}
    return [read for read in reads if read.table in growing and (read.scan == "Seq Scan" or read.rows > most)]


def _say(database: Database, server: Server, words: str) -> None:
    name = database.app_url.rpartition("/")[2]
    connection = psycopg2.connect(server.superuser_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting, value in NOTED.items():
            change = sql.SQL(words).format(sql.SQL(setting), sql.Literal(value))
            cursor.execute(sql.SQL("ALTER DATABASE {} ").format(sql.Identifier(name)) + change)
    connection.close()


def _reads_of(node: Mapping[str, Any], query: str) -> Iterator[Read]:
    rows = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    rows += node.get("Rows Removed by Index Recheck", 0)
    if "Scan" in node["Node Type"] and "Relation Name" in node:
        yield Read(node["Relation Name"], node["Node Type"], round(rows * node.get("Actual Loops", 1)), query)
    for inner in node.get("Plans", ()):
        yield from _reads_of(inner, query)
