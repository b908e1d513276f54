"""What a kind of task brings to the task page: what it shows, its form, what its decisions do and are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import Outcome
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


@dataclass(frozen=True, slots=True)
class TaskPage(Generic[Shown, SomeForm]):
    """The page of one kind of task.

    `read` collects what the person has to read, `form` makes the form for it, `decide` stores what the
    form says in the given transaction. `choices` names every outcome of the kind. `short_form` makes the
    form of the request without anything that has to be read for it, or None where that is needed.
    """

    template: str
    choices: Mapping[Outcome, DecisionOption]
    read: Callable[[Session, Desk, TaskRow], Shown]
    form: Callable[[Shown], SomeForm]
    decide: Callable[[Act, TaskRow, SomeForm], None]
    short_form: Callable[[], SomeForm | None] = lambda: None


AnyPage = TaskPage[Any, Any]
