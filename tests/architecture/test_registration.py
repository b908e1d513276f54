"""Every workflow and activity is registered by the worker, and every kind of process has recorded histories."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

import activities
import workflows
from models.domain.capabilities import declared
from tests.architecture.tree import ROOT, Module, dotted, imported_names, report, room
from workflows.engine.discovery import activities_in, workflows_in

HISTORIES = ROOT / "tests/histories"


def marked(modules: Iterable[Module], mark: str) -> set[str]:
    """The functions and classes that carry a mark (`activity.defn`), as module.name."""
    return {
        f"{module.path.removesuffix('.py').replace('/', '.')}.{node.name}"
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        if dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) == mark
    }


def found(things: Iterable[object]) -> set[str]:
    return {f"{thing.__module__}.{thing.__qualname__}" for thing in things}


def asynchronous(modules: Iterable[Module]) -> set[str]:
    """Activities that would hold up the worker's event loop with their database."""
    return marked(
        [
            Module(module.path, ast.unparse(ast.Module([node for node in module.tree.body if _is_async(node)], [])))
            for module in modules
        ],
        "activity.defn",
    )


def _is_async(node: ast.stmt) -> bool:
    return isinstance(node, ast.AsyncFunctionDef)


def test_every_activity_is_found_by_the_worker():
    missing = marked(room("activities"), "activity.defn") ^ found(activities_in(activities))
    assert not missing, report(sorted(missing), "Define it at the top of its module: the worker looks there.")


def test_every_workflow_is_found_by_the_worker():
    missing = marked(room("workflows"), "workflow.defn") ^ found(workflows_in(workflows))
    assert not missing, report(sorted(missing), "Define it at the top of its module: the worker looks there.")


def test_the_worker_registers_all_that_is_found():
    [worker] = room("worker.py")
    assert {"workflows_in", "activities_in"} <= imported_names(worker.tree).keys(), "register by discovery"


def test_activities_are_synchronous():
    faults = asynchronous(room("activities"))
    assert not faults, report(sorted(faults), "Write `def`: an activity runs in a thread of its own.")


def test_names_of_activities_are_unique():
    names = [activity.__temporal_activity_definition.name for activity in activities_in(activities)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", declared().processes)
def test_a_kind_of_process_has_its_workflow_its_entity_and_histories(kind: str):
    named = {workflow.__temporal_workflow_definition.name for workflow in workflows_in(workflows)}
    assert kind in named, f"no workflow is named {kind}"
    assert kind in declared().processes
    recorded = [path for path in HISTORIES.rglob("*.json*") if kind.lower() in path.as_posix().lower().replace("_", "")]
    assert recorded, f"record histories of {kind} into tests/histories, so that a change that breaks replay is seen"


def test_what_is_not_registered_or_not_synchronous_is_noticed():
    source = "@activity.defn(name='x')\nasync def look(turn): ...\n@activity.defn\ndef close(turn): ...\n"
    module = Module("activities/example.py", source)
    assert marked([module], "activity.defn") == {"activities.example.look", "activities.example.close"}
    assert asynchronous([module]) == {"activities.example.look"}
