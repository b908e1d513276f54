"""What a kind of task brings to the task page: what it shows, its form, what its decisions do and are called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.store.core.act import Act
from webapp.tasks.forms import TaskForm

Shown = TypeVar("Shown")
SomeForm = TypeVar("SomeForm", bound=TaskForm)


@dataclass(frozen=True, slots=True)
class DecisionOption:
    """One decision: what it is called, and what happens next and by whom."""

    label: str
    next_step: str


class TaskPage(ABC, Generic[Shown, SomeForm]):
    """The page of one kind of task. `choices` names every outcome of the kind.

    `claim_on_top`: what has to be read is long, so the button that takes the task stands above it too.
    """

    template: str
    choices: Mapping[str, DecisionOption]
    claim_on_top = True

    @abstractmethod
    def read(self, session: Session, desk: Desk, task: TaskRow) -> Shown:
        """What the person has to read."""

    @abstractmethod
    def form(self, shown: Shown) -> SomeForm:
        """The form for it, with what the request sent."""

    def short_form(self) -> SomeForm | None:
        """The form of the request without anything that has to be read for it; None where that is needed."""
        return None

    @abstractmethod
    def decide(self, act: Act, task: TaskRow, form: SomeForm) -> None:
        """Store what the form says, in the given transaction."""


AnyPage = TaskPage[Any, Any]
