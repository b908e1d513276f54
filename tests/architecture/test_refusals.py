"""Every code that a rule refuses with has words for people, so that no refusal falls back to untranslated English."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from models.store.core.links import LinkState
from tests.architecture.tree import Function, Module, calls, dotted, report, room
from webapp.capabilities import CAPABILITIES
from webapp.core.capability import compose

PUT_TOGETHER = {"link_": {f"link_{state}" for state in LinkState if state is not LinkState.USABLE}}
"""Codes that are written with a value in them, by how they begin."""
PASSED_ON = "code"
"""`refused.code`: the code of another refusal, which is walked where it is raised."""


def codes(modules: Iterable[Module]) -> dict[str, str]:
    """Each code with a file that raises it; a code given to a function that raises it is looked up at its callers."""
    modules = list(modules)
    found: dict[str, str] = {}
    for module in modules:
        raising = {"RuleViolation": 0} | {one.name: place for one in module.functions for place in _takes_code(one)}
        for call in calls(module.tree):
            place = raising.get(dotted(call.func).rpartition(".")[2])
            if place is not None and len(call.args) > place:
                found |= dict.fromkeys(_written(call.args[place], _constants(module)), module.path)
    return found


def _takes_code(function: Function) -> Iterator[int]:
    """The place of the argument that a function raises as the code, where it has one."""
    names = [argument.arg for argument in function.args.args]
    for call in calls(function):
        if dotted(call.func) == "RuleViolation" and call.args and isinstance(call.args[0], ast.Name):
            yield from (place for place, name in enumerate(names) if name == call.args[0].id)


def _constants(module: Module) -> dict[str, str]:
    """The texts that a module names, by their names."""
    return {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _written(node: ast.expr, constants: Mapping[str, str]) -> set[str]:
    if isinstance(node, ast.Name) and node.id in constants:
        return {constants[node.id]}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.JoinedStr):
        start = node.values[0]
        return PUT_TOGETHER[str(start.value)] if isinstance(start, ast.Constant) else {ast.unparse(node)}
    if isinstance(node, ast.IfExp):
        return _written(node.body, constants) | _written(node.orelse, constants)
    return set() if isinstance(node, ast.Name) or dotted(node).endswith(f".{PASSED_ON}") else {ast.unparse(node)}


def test_every_refusal_has_words():
    found = codes(room("models", "webapp"))
    words = compose(CAPABILITIES).refusals
    assert len(found) > 50, "nothing is walked"
    faults = [f"{path}: {code}" for code, path in sorted(found.items()) if code not in words]
    assert not faults, report(faults, "Write its words, in both languages, with the refusals of the capability.")


def test_a_code_without_words_is_noticed():
    direct = 'raise RuleViolation("never_seen", "…")'
    passed = 'def _wrong(field, code):\n    return RuleViolation(code, "…", field)\nraise _wrong("x", "passed_in")'
    stated = 'GONE = "stated"\ndef leave():\n    raise RuleViolation(GONE, "…")'
    modules = [Module("models/x.py", direct), Module("models/y.py", passed), Module("models/z.py", stated)]
    assert codes(modules).keys() == {"never_seen", "passed_in", "stated"}
