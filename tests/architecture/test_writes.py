"""Every write of a row stands in models/store; every read for a page in models/queries never writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.architecture.tree import Module, calls, dotted, full_name, imported_names, product, report

MAY_WRITE = {
    "models/store": "the only code that writes rows",
    "models/migrations": "changes the tables themselves",
    "models/postgres/database.py": "opens and commits the one kind of transaction",
    "webapp/core/forms/submission.py": "commits a person's act, whose rows were written by the store",
    "deploy/local": "makes the cluster, its roles and its empty database; knows no table",
}
MAY_MOVE = {
    "models/store/core/lifecycle.py": "moves whatever has a lifecycle",
    "models/store/enrollment/rows.py": "moves sections, whose states have no roles and are audited with what was done",
}
SESSION_WRITES = frozenset({"add", "add_all", "delete", "merge", "commit", "bulk_save_objects", "bulk_insert_mappings"})
STATEMENTS = re.compile(r"sqlalchemy(\.\w+)*\.(insert|update|delete)$")
SQL = re.compile(r"^\s*(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE)\b", re.IGNORECASE)
ADVICE = "Make it a function of models/store (first the Act, values keyword-only, audit row) and call that."


def writes(modules: Iterable[Module]) -> list[str]:
    """Every place that writes rows, outside the rooms that may."""
    return [fault for module in modules if not module.within(*MAY_WRITE) for fault in _writes_of(module)]


def _writes_of(module: Module) -> list[str]:
    imported = imported_names(module.tree)
    faults = [
        f"{module.path}:{call.lineno}: {dotted(call.func)}"
        for call in calls(module.tree)
        if _is_session_write(dotted(call.func)) or STATEMENTS.search(full_name(call.func, imported))
    ]
    texts = [node for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return faults + [
        f"{module.path}:{node.lineno}: {node.value.strip()[:40]}" for node in texts if SQL.match(node.value)
    ]


def _is_session_write(name: str) -> bool:
    *owner, act = name.split(".")
    return act in SESSION_WRITES and bool(owner) and ("session" in owner[-1] or owner[-1] == "connection")


def committing(modules: Iterable[Module]) -> list[str]:
    """Functions of the store that end the transaction they were given."""
    return [
        f"{module.path}:{call.lineno}"
        for module in modules
        if module.within("models/store")
        for call in calls(module.tree)
        if dotted(call.func).split(".")[-1] in {"commit", "rollback"}
    ]


def with_positional_values(modules: Iterable[Module]) -> list[str]:
    """What other rooms call in the store to act for somebody, and takes values by position."""
    modules = list(modules)
    called = called_from_outside(modules)
    return [
        f"{module.path}:{function.name}"
        for module in modules
        if module.within("models/store")
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and f"{module.dotted_name}.{function.name}" in called
        if _acts_for_somebody(function) and any(_is_a_value(argument) for argument in function.args.args)
    ]


def called_from_outside(modules: Iterable[Module]) -> set[str]:
    """Functions of the store that another room imports; the others are steps of one capability."""
    return {
        origin
        for module in modules
        if not module.within("models/store")
        for origin in imported_names(module.tree).values()
        if origin.startswith("models.store.")
    }


def _acts_for_somebody(function: ast.FunctionDef) -> bool:
    return any(argument.arg == "act" for argument in function.args.args)


def _is_a_value(argument: ast.arg) -> bool:
    """A row that the caller holds may come by position, beside the act; a bare value may not."""
    kind = ast.unparse(argument.annotation).split(" | ")[0] if argument.annotation else ""
    return kind in {"", "str", "int", "bool", "bytes", "UUID", "datetime", "timedelta"}


def test_rows_are_written_in_the_store():
    faults = writes(product())
    assert not faults, report(faults, ADVICE)


def test_the_store_never_commits():
    faults = committing(product())
    assert not faults, report(faults, "Leave the end of the transaction to its caller.")


def test_the_store_names_its_actor_and_values():
    assert called_from_outside(product()), "no function of the store was found: has its folder moved?"
    faults = with_positional_values(product())
    assert not faults, report(faults, "After the act comes `*`: values are keyword-only.")


def moved_by_hand(modules: Iterable[Module]) -> list[str]:
    """Where the store sets the state of something that has a lifecycle."""
    return [
        f"{module.path}:{target.lineno}"
        for module in modules
        if module.within("models/store") and not module.within(*MAY_MOVE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign)
        for target in ast.walk(node)
        if isinstance(target, ast.Attribute) and target.attr == "state" and isinstance(target.ctx, ast.Store)
    ]


def test_states_are_moved_by_the_lifecycle():
    faults = moved_by_hand(product())
    assert not faults, report(faults, "Call `move`: it checks who may and what follows, sets the time, and audits.")
    source = "def f(e): e.state, e.state_since = 1, 2"
    assert moved_by_hand([Module("models/store/x.py", source)]) == ["models/store/x.py:1"]


def test_exceptions_exist():
    for place in MAY_WRITE | MAY_MOVE:
        assert any(module.within(place) for module in product()), f"take {place} out of the exceptions"


@pytest.mark.parametrize(
    "source",
    [
        "def f(session): session.add(1)",
        "def f(db): db.session.commit()",
        "from sqlalchemy import update\nx = update(T)",
        "from sqlalchemy.dialects.postgresql import insert\nx = insert(T)",
        "import sqlalchemy as sa\nx = sa.delete(T)",
        "x = text('DELETE FROM tasks')",
        "x = text(' update tasks set a = 1')",
    ],
)
def test_violations_are_noticed(source: str):
    assert writes([Module("webapp/enrollment/views.py", source)])
    assert writes([Module("models/queries/core/tasks.py", source)])
    assert not writes([Module("models/store/core/tasks.py", source)])


def test_what_only_looks_like_a_write_is_let_be():
    source = "seen = set()\nseen.add(1)\ndigest.update(b'')\nwords = {'update': 'Update your answers'}"
    assert writes([Module("webapp/x.py", source)]) == []


def test_a_store_that_commits_or_takes_values_by_position_is_noticed():
    assert committing([Module("models/store/x.py", "def f(session): session.commit()")])
    for faulty in ("act: Act, task_id: UUID", "act: Act, name: str, *, x", "act, task_id=None"):
        assert with_positional_values([CALLER, Module("models/store/x.py", f"def f({faulty}): ...")])
    for good in (
        "act: Act, *, task_id: UUID",
        "act: Act, task: Task",
        "s: Session, word: str",
    ):
        assert not with_positional_values([CALLER, Module("models/store/x.py", f"def f({good}): ...")])


CALLER = Module("activities/x.py", "from models.store.x import f")
