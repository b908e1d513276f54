"""What the core itself adds: the inbox, the events of every process, the pages that everybody may open."""

from __future__ import annotations

from models.domain.core.capability import Capability
from models.domain.core.permissions import Cell, Permission, Role, row, same
from models.domain.core.processes import ProcessEventKind
from models.domain.core.tasks import DeadlineKind

_TASK_ROW = row(RCP="S", COO="L", LOC="L", ORG="O", AGT="T", SUP="A", REV="T", ALC="T", ADM="T")

CAPABILITY = Capability(
    name="core",
    events=tuple(ProcessEventKind),
    deadlines=tuple(DeadlineKind),
    matrix={
        Permission.PUBLIC_PAGE_VIEW: same(Cell.PUBLIC, frozenset(Role)),
        Permission.OPS_HEALTH_VIEW: same(Cell.PUBLIC, frozenset(Role)),
        Permission.OPS_SYSTEM_VIEW: row(ADM="A"),
        Permission.WORKFLOW_RETRY: row(ADM="A"),
        Permission.TASK_LIST: _TASK_ROW,
        Permission.TASK_CLAIM: _TASK_ROW,
        Permission.TASK_DECIDE: _TASK_ROW,
        Permission.TASK_REASSIGN_OTHERS: row(SUP="A"),
    },
)
