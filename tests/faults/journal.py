"""What the clients did, in their own words: one JSON line before each act and one after it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Result = Literal["ok", "fail", "unknown"]


@dataclass
class Act:
    """One act of one client: the key is the form's token."""

    client: str
    name: str
    key: str
    result: Result | None = None
    answers: set[str] = field(default_factory=set)
    tries: int = 0
    was_unknown: bool = False


class Journal:
    """The history of a run, kept in memory and in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self.acts: dict[str, Act] = {}
        self._answered: list[tuple[float, float]] = []

    def invoke(self, client: str, name: str, key: str) -> Act:
        """Note that an act is about to be tried; the same key again is the same act."""
        with self._lock:
            act = self.acts.setdefault(key, Act(client, name, key))
            act.tries += 1
            self._write({"at": time.time(), "client": client, "op": name, "key": key, "type": "invoke"})
            return act

    def note(self, act: Act, result: Result, answer: str = "") -> None:
        """Note how a try ended. An act that was answered once stays answered."""
        with self._lock:
            act.was_unknown |= result == "unknown"
            if act.result != "ok":
                act.result = result
            if result == "ok":
                act.answers.add(answer)
            line = {"at": time.time(), "client": act.client, "op": act.name, "key": act.key, "type": result}
            self._write(line | {"answer": answer})

    def count_unknown(self) -> int:
        """How many acts were once without an answer, and had to be sent again."""
        with self._lock:
            return sum(act.was_unknown for act in self.acts.values())

    def time_answer(self, began: float) -> None:
        """Note that a request that began then (`monotonic`) has its answer, or has failed, now."""
        with self._lock:
            self._answered.append((began, time.monotonic() - began))

    def seconds_between(self, first: float, last: float) -> list[float]:
        """How long each request took that began between two moments."""
        with self._lock:
            return [took for began, took in self._answered if first <= began <= last]

    def acknowledged(self) -> list[Act]:
        with self._lock:
            return [act for act in self.acts.values() if act.result == "ok"]

    def refused(self) -> list[Act]:
        with self._lock:
            return [act for act in self.acts.values() if act.result == "fail"]

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
