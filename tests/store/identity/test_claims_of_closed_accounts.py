"""Whoever's account is closed holds no task, can take none, and is given none (A16)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.tasks import assign_task, claim_task, take_next_task
from models.store.identity.accounts import disable_account, reopen_account
from tests import tasks_data as data

SEATS = [("enrollment", "REV")]


@pytest.fixture
def leaver(session):
    """A reviewer with one of two tasks in hand."""
    org, maria = data.organization(session), data.person(session, "Maria", Role.REV)
    held, free = data.task(session, org), data.task(session, org)
    claim_task(act(session, maria), task_id=held.id, version=held.version)
    return maria, held, free


def act(session, principal=None):
    return Act(session, person(principal.account_id) if principal else SYSTEM, uuid4().hex)


def test_A16_a_closed_account_takes_no_task_and_gets_none(session, leaver):
    maria, held, free = leaver
    assert disable_account(act(session), account_id=maria.account_id, because="left") == 1
    assert disable_account(act(session), account_id=maria.account_id, because="again") == 0
    assert (held.status, held.assignee_id) == ("open", None)
    tries = (
        lambda: claim_task(act(session, maria), task_id=free.id, version=free.version),
        lambda: take_next_task(act(session, maria), seats=SEATS, involved_orgs=[]),
        lambda: assign_task(act(session), task_id=free.id, to=maria.account_id),
    )
    for one in tries:
        with pytest.raises(RuleViolation) as refused:
            one()
        assert refused.value.code == "account_disabled"
    reopen_account(act(session), account_id=maria.account_id, because="back")
    assert claim_task(act(session, maria), task_id=free.id, version=free.version).assignee_id == maria.account_id


def test_the_claims_of_others_stay(session, leaver):
    _maria, held, free = leaver
    john = data.person(session, "John", Role.REV)
    claim_task(act(session, john), task_id=free.id, version=free.version)
    disable_account(act(session), account_id=john.account_id, because="left")
    assert (held.status, free.status) == ("claimed", "open")
