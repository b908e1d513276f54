"""What crosses between a process and its activities: who acts and when, and where things stand afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.domain.core.processes import ProcessRef

SUPERSEDED = "Superseded"
"""The type of the failure that ends an older life of a process."""
READ_EVENTS = "read_news"
CLOSE_PROCESS = "close_process"
"""The names of the activities that every process uses."""


@dataclass(frozen=True, slots=True)
class StepRequest:
    """What an activity is given: which life of which process acts, up to which news it has heard, and when.

    `deadline_id` names the deadline whose time has come, where one has.
    """

    ref: ProcessRef
    heard: int
    as_of: datetime
    deadline_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """The next deadline that a process waits for; `due_at` is absolute."""

    deadline_id: str
    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class StepResult:
    """What the facts say after an activity: the next step, in the words of the process, and when to wake.

    `heard` is the number that the facts have stored as heard; None in the history of an older process.
    """

    next_step: str
    wake: Wake | None = None
    heard: int | None = None
