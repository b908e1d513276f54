"""What the toy adds: two processes about one thing, a task for one person, a reminder."""

from __future__ import annotations

from enum import StrEnum

from models.domain.core.capability import Capability, ProcessRule
from models.domain.core.permissions import Role, row
from models.domain.core.processes import WaitingFor
from models.domain.core.tasks import TaskRule


class ProcessKind(StrEnum):
    INSPECTION = "ToyInspection"
    RECALL = "ToyRecall"


class ToyState(StrEnum):
    ASKED = "asked"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class NextStep(StrEnum):
    ASK = "ask"
    SETTLE = "settle"
    CLEAR_AWAY = "clear_away"
    FINISH = "finish"


COLUMNS = {ProcessKind.INSPECTION: "inspection", ProcessKind.RECALL: "recall"}
STATES = {
    ToyState.ASKED: WaitingFor.PERSON,
    ToyState.PASSED: WaitingFor.NOBODY,
    ToyState.FAILED: WaitingFor.NOBODY,
    ToyState.WITHDRAWN: WaitingFor.NOBODY,
}
CHECK_TOY, WITHDRAWN, REMINDER, MAIL = "check_toy", "toy_withdrawn", "toy_reminder", "toy_reminder"
PERMISSION, ENTITY = "toy.check", "toy"
REMINDER_DAYS = (3,)

CAPABILITY = Capability(
    name="toy",
    processes=tuple(
        ProcessRule(kind, ENTITY, table="toys", column=column, states=STATES) for kind, column in COLUMNS.items()
    ),
    task_rules={
        CHECK_TOY: TaskRule(
            frozenset({ToyState.PASSED, ToyState.FAILED}), PERMISSION, Role.RCP, reminder_days=REMINDER_DAYS
        )
    },
    events=(WITHDRAWN,),
    deadlines=(REMINDER,),
    mails=(MAIL,),
    matrix={PERMISSION: row(RCP="S")},
)
