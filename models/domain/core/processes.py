"""Durable processes as the facts know them: their events, and the small values that cross into workflows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ProcessEventKind(StrEnum):
    """What every process can be told; each capability adds kinds of its own."""

    STARTED = "started"
    REBUILT = "rebuilt"
    TASK_DECIDED = "task_decided"
    MAIL_UNDELIVERABLE = "mail_undeliverable"


class WaitingFor(StrEnum):
    """Whom or what a process waits for."""

    PERSON = "person"
    PROCESS = "process"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ProcessRef:
    """One life of a durable process: the row, what it is about, and the generation."""

    process_id: str
    kind: str
    entity_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class ProcessEvent:
    """A numbered piece of news. Carries ids and statuses only."""

    number: int
    kind: str
    ids: dict[str, str] = field(default_factory=dict)
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessStart:
    """What a workflow starts, or continues as new, with."""

    ref: ProcessRef
    heard: int = 0
    pending: list[ProcessEvent] = field(default_factory=list)


def workflow_id(kind: str, entity_id: str, generation: int) -> str:
    """The Temporal workflow id of one life of a process."""
    return f"{kind}/{entity_id}/{generation}"
