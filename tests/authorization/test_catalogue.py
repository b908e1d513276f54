"""Nothing is left out of the matrix: neither a route nor a permission, an id, a role or a promise (P33)."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from flask import Blueprint, Flask

from models.domain.capabilities import declared
from models.domain.core.permissions import Permission, Role
from tests import authorization
from tests.authorization.cells import capability_of, cells, faults_of_catalogue, routes
from tests.authorization.matrix import addresses
from tests.authorization.people import NOBODY_IN_PARTICULAR
from webapp.core.permissions import requires

ASKED_BY_THE_TASK = frozenset(rule.permission for rule in declared().task_rules.values())
"""The route that decides a task asks for these besides its own."""


def faults(app: Flask, world) -> list[str]:
    found = faults_of_catalogue(app, set(world.things))
    return [fault for fault in found if fault.partition(" ")[0] not in ASKED_BY_THE_TASK]


def test_every_route_permission_and_id_is_in_the_matrix(app, world):
    assert not faults(app, world)


def test_every_capability_has_its_part_of_the_matrix_and_none_is_left_over(app):
    found = pkgutil.walk_packages(authorization.__path__, f"{authorization.__name__}.")
    parts = [file.CAPABILITY for one in found if hasattr(file := import_module(one.name), "CAPABILITY")]
    assert sorted(parts) == sorted({capability_of(rule.endpoint) for rule, _method in routes(app)})
    assert sum(len(addresses(app, part)) for part in parts) > 80


def test_every_sort_of_thing_is_asked_for_by_somebody_though_nobody_asks_for_all(app, world):
    asked = {sort_of(one.thing) for who in world.people.values() for one in cells(app, world, who) if one.thing}
    for noun, things in world.things.items():
        assert {sort_of(thing) for thing in things} <= asked, noun


def sort_of(thing):
    return thing.noun, thing.org, thing.kind


def test_every_role_of_the_table_has_somebody_who_asks(world):
    roles = {role for row in declared().matrix.values() for role in row} - {Role.SVC}
    assert {who.role for who in world.people.values()} == roles | {None}
    assert NOBODY_IN_PARTICULAR in world.people


def test_every_noun_has_a_thing_of_ones_own_and_a_strangers(world):
    for noun in ("enrollment_id", "section_id", "signature_id", "task_id"):
        assert {thing.org == world.org for thing in world.things[noun]} == {True, False}, noun
    places = [thing.locations for thing in world.things["section_id"] if thing.org == world.org]
    assert frozenset({world.locations[0]}) in places
    assert frozenset({world.locations[1]}) in places


def test_a_route_without_permission_and_one_with_an_unknown_id_are_noticed(world):
    other = Flask("other")
    room = Blueprint("room", __name__)
    room.add_url_rule("/open", "open", lambda: "")
    closed = requires(Permission.TASK_LIST)(lambda vial_id: "")
    room.add_url_rule("/vials/<uuid:vial_id>", "vial", closed)
    other.register_blueprint(room)
    found = faults(other, world)
    assert "/open names no permission of the table" in found
    assert "/vials/<uuid:vial_id> carries ['vial_id'], for which the world has no thing" in found
    assert "enrollment.begin has no route" in found
