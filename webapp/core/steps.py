"""Where a process stands, as a list of its steps: done, current, later. The macro `step_list` draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DONE, CURRENT, NEXT = "done", "current", "next"


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """A step of a process; `detail` says when it was done, or whom it waits for and since when."""

    text: str
    state: str
    detail: str | None = None


def process_steps(
    texts: Sequence[str], at: int, *, details: Mapping[int, str | None] | None = None, over: bool = False
) -> list[ProcessStep]:
    """The steps in their order, with number `at` the current one, or the last one done where it is `over`."""
    known = details or {}
    return [ProcessStep(str(text), _state(number, at, over), known.get(number)) for number, text in enumerate(texts)]


def _state(number: int, at: int, over: bool) -> str:
    if number < at or (over and number == at):
        return DONE
    return CURRENT if number == at else NEXT
