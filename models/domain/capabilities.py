"""The capabilities of the product, put together. Whatever lists kinds, teams, mails or permissions reads it here."""

from __future__ import annotations

from models.domain.core.capability import Capability, Declarations, ProcessRule, compose
from models.domain.core.declares import CAPABILITY as CORE
from models.domain.core.permissions import Principal, Reach, reach_of
from models.domain.core.tasks import TaskRule
from models.domain.enrollment.declares import CAPABILITY as ENROLLMENT
from models.domain.identity.declares import CAPABILITY as IDENTITY

CAPABILITIES: tuple[Capability, ...] = (CORE, IDENTITY, ENROLLMENT)
_DECLARED = compose(CAPABILITIES)


def declared() -> Declarations:
    """What all capabilities declare together."""
    return _DECLARED


def task_rule(kind: str) -> TaskRule:
    """What is fixed for a kind of task; raises `LookupError` for a kind that no capability declares."""
    return _DECLARED.task_rules[kind]


def process_rule(kind: str) -> ProcessRule:
    """What is fixed for a kind of process; raises `LookupError` for a kind that no capability declares."""
    return _DECLARED.processes[kind]


def reach(principal: Principal | None, permission: str) -> Reach:
    """How far a person may go with a permission; deny by default."""
    return reach_of(principal, _DECLARED.matrix[permission])
