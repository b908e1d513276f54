"""The rules and the processes know no clock, no chance and no environment; settings are read in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

from tests.architecture.tree import Module, dotted, full_name, imported_names, report, room

PURE_ROOMS = ("models/domain", "workflows")
OUTSIDE_THE_SANDBOX = ("workflows/engine",)
BANNED_MODULES = frozenset({"time", "random", "secrets", "socket", "subprocess", "threading", "os"})
BANNED_NAMES = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "uuid.uuid1",
        "uuid.uuid4",
        "asyncio.wait",
        "asyncio.as_completed",
    }
)
ENTRY_POINTS = (
    "webapp/application.py",
    "webapp/cli",
    "worker.py",
    "models/migrations/__main__.py",
    "workflows/engine/reconcile.py",
)
"""They pass the environment to `load_settings`; nothing else looks at it."""
ADVICE = "Pass it in: `now` and `today` are arguments; a workflow uses workflow.now, workflow.random, workflow.uuid4."


def impure(modules: Iterable[Module]) -> list[str]:
    """Every mention of a clock, of chance or of the world in rooms that know none."""
    return [fault for module in modules if not module.within(*OUTSIDE_THE_SANDBOX) for fault in _impurities(module)]


def _impurities(module: Module) -> list[str]:
    imported = imported_names(module.tree)
    faults = [
        f"{module.path}: imports {origin}" for origin in imported.values() if origin.split(".")[0] in BANNED_MODULES
    ]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute) and full_name(node, imported) in BANNED_NAMES:
            faults.append(f"{module.path}:{node.lineno}: {full_name(node, imported)}")
        if isinstance(node, ast.Call) and dotted(node.func) == "open":
            faults.append(f"{module.path}:{node.lineno}: opens a file")
    return faults


def environment_readers(modules: Iterable[Module]) -> list[str]:
    """Every mention of the environment outside the entry points."""
    return [fault for module in modules if not module.within(*ENTRY_POINTS) for fault in _environment_reads(module)]


def _environment_reads(module: Module) -> list[str]:
    imported = imported_names(module.tree)
    return [
        f"{module.path}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name)
        and full_name(node, imported) in {"os.environ", "os.getenv", "os.environb"}
    ]


def test_rules_and_processes_know_no_clock_no_chance_and_no_world():
    faults = impure(room(*PURE_ROOMS))
    assert not faults, report(faults, ADVICE)


def test_the_environment_is_read_in_one_place():
    faults = environment_readers(room("models", "activities", "workflows", "webapp", "worker.py"))
    assert not faults, report(
        faults, "Add the variable to models/running/settings.py and docs/settings.md, and pass Settings."
    )


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nnow = datetime.now()",
        "import datetime as dt\nnow = dt.datetime.now()",
        "from datetime import date\nday = date.today()",
        "from uuid import uuid4\nx = uuid4()",
        "import random",
        "from time import time",
        "import os\nx = os.environ",
        "import asyncio\nasync def f(): await asyncio.wait([])",
        "text = open('x').read()",
    ],
)
def test_violations_are_noticed(source: str):
    assert impure([Module("models/domain/x.py", source)])


def test_what_a_workflow_may_use_is_let_be():
    source = "from temporalio import workflow\nnow = workflow.now()\nx = workflow.uuid4()\nworkflow.sleep(1)"
    assert impure([Module("workflows/x.py", source)]) == []


@pytest.mark.parametrize("source", ["import os\nx = os.environ['A']", "from os import getenv\nx = getenv('A')"])
def test_a_reader_of_the_environment_is_noticed(source: str):
    assert environment_readers([Module("models/store/x.py", source)]) == ["models/store/x.py:2"]
    assert environment_readers([Module("worker.py", source)]) == []
