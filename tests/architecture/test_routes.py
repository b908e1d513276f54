"""Routes: how addresses are spelled, what may stand in them, and that looking changes nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Map, Rule, UUIDConverter

from tests.architecture.test_sizes import is_view
from tests.architecture.tree import Function, Module, calls, dotted, imported_names, report, room

PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(svg|json|csv))?")
NOT_AN_ID = {
    "token": "the secret of a link, looked up by its hash",
    "filename": "a static file, served from one folder by Flask",
    "step": "the name of a step of a form, looked up in the field catalogue",
}
"""Parameters that are words and no ids; everything else in an address is a UUID."""
READS = frozenset({"find_link", "db_now"})
"""Functions of models/store that a page may call when it is only looked at: they read."""


def unruly(rules: Iterable[Rule]) -> list[str]:
    """Addresses that are spelled otherwise, or carry something that is no UUID and no word of a fixed list."""
    return [fault for rule in rules for fault in [*_misspelled(rule), *_untyped(rule)]]


def _misspelled(rule: Rule) -> list[str]:
    parts = [part for part in rule.rule.strip("/").split("/") if part and "<" not in part]
    if rule.rule != "/" and rule.rule.endswith("/"):
        return [f"{rule.rule}: ends in a slash"]
    return [f"{rule.rule}: {part}" for part in parts if not PART.fullmatch(part)]


def _untyped(rule: Rule) -> list[str]:
    return [
        f"{rule.rule}: <{name}>"
        for name, converter in rule._converters.items()
        if not isinstance(converter, UUIDConverter | AnyConverter) and name not in NOT_AN_ID
    ]


def writing_when_looked_at(modules: Iterable[Module]) -> list[str]:
    """Views for GET that act, or call the store, themselves or through a function of their file."""
    return [fault for module in modules for fault in _writing_views(module)]


def _writing_views(module: Module) -> list[str]:
    imported = imported_names(module.tree)
    functions = {function.name: function for function in module.functions}
    return [
        f"{module.path}:{view.name} calls {name}"
        for view in functions.values()
        if is_view(view) and not _takes_forms(view)
        for name in sorted(_reached(view, functions))
        if name == "submit_form" or (imported.get(name, "").startswith("models.store.") and name not in READS)
    ]


def _takes_forms(view: Function) -> bool:
    return any(
        "POST" in ast.unparse(decorator) or ".post(" in ast.unparse(decorator) for decorator in view.decorator_list
    )


def _reached(start: Function, functions: dict[str, Function]) -> set[str]:
    """Every name that a function calls, or is called by a function of the same file that it calls."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        names = {dotted(call.func) for node in waiting.pop().body for call in calls(node)} - found
        found |= names
        waiting += [functions[name] for name in names if name in functions]
    return found


def test_addresses_are_lower_case_with_hyphens_and_ids_are_uuids(routes_app: Flask):
    faults = unruly(routes_app.url_map.iter_rules())
    assert not faults, report(
        faults, "Spell it /like-this/<uuid:enrollment_id>; a word that is no id belongs into NOT_AN_ID with its reason."
    )


def test_looking_changes_nothing():
    faults = writing_when_looked_at(room("webapp"))
    assert not faults, report(faults, "Let the view take a form by POST: mail scanners and browsers open every link.")


@pytest.mark.parametrize(
    "address", ["/Enrollment", "/my_tasks", "/tasks/<task_id>", "/tasks/<int:number>", "/staff/cases/", "/a/<string:x>"]
)
def test_an_unruly_address_is_noticed(address: str):
    assert unruly(Map([Rule(address, endpoint="x")]).iter_rules())


@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/tasks/<uuid:task_id>/claim", "/account/reset/<string:token>", "/<any(a, b):kind>"]
)
def test_a_good_address_is_let_be(address: str):
    assert not unruly(Map([Rule(address, endpoint="x")]).iter_rules())


VIEW = """
from models.store.core.tasks import claim_task
from models.store.core.links import find_link
{decorator}
def show(): return inner()
def inner(): return {call}
"""


@pytest.mark.parametrize("call", ["submit_form(form, do)", "claim_task(session)"])
def test_a_page_that_writes_when_looked_at_is_noticed(call: str):
    looked_at = VIEW.format(decorator='@blueprint.get("/x")', call=call)
    sent = VIEW.format(decorator='@blueprint.route("/x", methods=["GET", "POST"])', call=call)
    assert writing_when_looked_at([Module("webapp/x.py", looked_at)])
    assert not writing_when_looked_at([Module("webapp/x.py", sent)])


def test_a_page_that_reads_is_let_be():
    source = VIEW.format(decorator='@blueprint.get("/x")', call="find_link(session, token)")
    assert not writing_when_looked_at([Module("webapp/x.py", source)])
