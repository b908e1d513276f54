"""A lifecycle of its own: who may do what in which state, and what leads where."""

from __future__ import annotations

from enum import StrEnum

import pytest

from models.domain.core.lifecycle import Lifecycle
from models.domain.core.permissions import Role
from models.domain.core.violations import RuleViolation


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


class Deed(StrEnum):
    SHUT = "shut_it"
    KNOCK = "knock"


DOOR = Lifecycle(
    noun="door",
    allowed={
        Door.OPEN: {Deed.SHUT: frozenset({Role.ORG})},
        Door.SHUT: {Deed.KNOCK: frozenset({Role.ANON, Role.ORG})},
        Door.WALLED: {},
    },
    moves={Door.OPEN: {Door.SHUT: Deed.SHUT}, Door.SHUT: {Door.WALLED: None}},
)


@pytest.mark.parametrize(
    ("deed", "state", "roles", "code"),
    [
        (Deed.SHUT, Door.OPEN, {Role.ORG}, None),
        (Deed.SHUT, Door.OPEN, {Role.REV, Role.ANON}, "wrong_role"),
        (Deed.SHUT, Door.OPEN, (), "wrong_role"),
        (Deed.SHUT, Door.OPEN, None, None),
        (Deed.SHUT, Door.SHUT, {Role.ORG}, "wrong_state"),
        (Deed.SHUT, Door.SHUT, None, "wrong_state"),
        (Deed.KNOCK, Door.SHUT, {Role.REV}, None),
    ],
)
def test_the_table_says_who_may_do_what(deed, state, roles, code):
    if code is None:
        DOOR.check(deed, state, roles)
        return
    with pytest.raises(RuleViolation) as refused:
        DOOR.check(deed, state, roles)
    assert refused.value.code == code


def test_only_what_follows_is_reached():
    assert DOOR.action_between(Door.OPEN, Door.SHUT) is Deed.SHUT
    assert DOOR.action_between(Door.SHUT, Door.WALLED) is None
    for state, to in ((Door.OPEN, Door.WALLED), (Door.WALLED, Door.OPEN), (Door.OPEN, Door.OPEN)):
        with pytest.raises(RuleViolation, match="the door has moved on"):
            DOOR.action_between(state, to)
    assert DOOR.final == {Door.WALLED}
