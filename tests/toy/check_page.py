"""The page on which the owner of a toy says how it is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import InputRequired

from models.queries.core.inbox import Desk
from models.queries.core.task_rows import TaskRow
from models.store.core.act import Act
from tests.toy.declares import ToyState
from tests.toy.store import decide_check
from tests.toy.tables import Toy
from webapp.tasks.forms import TaskForm
from webapp.tasks.page import DecisionOption, TaskPage

CHOICES: Mapping[str, DecisionOption] = {
    ToyState.PASSED: DecisionOption("It is fine", "Next: nothing else happens."),
    ToyState.FAILED: DecisionOption("It is broken", "Next: someone picks it up."),
}


class CheckForm(TaskForm):
    outcome = RadioField("How is it?", choices=[], validators=[InputRequired("Say how it is.")])


class CheckPage(TaskPage[Toy, CheckForm]):
    template, choices = "toy/check.html", CHOICES

    def read(self, session: Session, desk: Desk, task: TaskRow) -> Toy:
        return session.get_one(Toy, task.entity_id)

    def form(self, shown: Toy) -> CheckForm:
        form = CheckForm()
        form.outcome.choices = [(outcome, option.label) for outcome, option in CHOICES.items()]
        return form

    def decide(self, act: Act, task: TaskRow, form: CheckForm) -> None:
        decide_check(act, task_id=task.id, outcome=str(form.outcome.data))
