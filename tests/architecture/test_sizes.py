"""Sizes of files and functions: small in the middle, and no long tail."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from tests.architecture.tree import Function, Module, calls, dotted, product, report, room

GENERATED = {
    "models/migrations/versions/0001_tables_of_the_facts.py": "Alembic wrote it from the tables, a statement for each",
}
ADVICE = "Split what grew: a file that wants to be longer wants to be two nouns, a function two steps."


@dataclass(frozen=True)
class Budget:
    """The most lines that the middle, 95 of 100 and the longest may have."""

    middle: int
    most: int
    longest: int


FILES = Budget(80, 250, 400)
FUNCTIONS = Budget(8, 30, 60)
VIEWS = Budget(20, 20, 20)
PROCEDURES = Budget(50, 50, 50)


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    return lines - _docstring_lines(function)


def _docstring_lines(function: Function) -> int:
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def over_budget(sizes: Sequence[tuple[int, str]], budget: Budget) -> list[str]:
    """What breaks a budget; sizes are (lines, name)."""
    if not sizes:
        return []
    ordered = sorted(sizes)
    faults = [f"{name}: {lines} lines, at most {budget.longest}" for lines, name in ordered if lines > budget.longest]
    large = ordered[int(len(ordered) * 0.95)][0]
    middle = median(lines for lines, _ in ordered)
    if large > budget.most:
        tail = ", ".join(name for lines, name in ordered if lines > budget.most)
        faults.append(f"95 of 100 may have {budget.most} lines and have {large}: {tail}")
    if middle > budget.middle:
        faults.append(f"the middle one may have {budget.middle} lines and has {middle}")
    return faults


def file_sizes(modules: Sequence[Module]) -> list[tuple[int, str]]:
    return [(len(module.source.splitlines()), module.path) for module in modules if module.path not in GENERATED]


def function_sizes(modules: Sequence[Module]) -> list[tuple[int, str]]:
    return [
        (lines_of(function), f"{module.path}:{function.name}")
        for module in modules
        if module.path not in GENERATED
        for function in module.functions
    ]


def is_view(function: Function) -> bool:
    """Whether a function is registered under a route of a blueprint."""
    named = [dotted(decorator.func) for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return any(name.split(".")[-1] in {"get", "post", "route"} and "." in name for name in named)


def view_sizes(modules: Sequence[Module]) -> list[tuple[int, str]]:
    return [
        (lines_of(function), f"{module.path}:{function.name}")
        for module in modules
        for function in module.functions
        if is_view(function)
    ]


def procedure_sizes(modules: Sequence[Module]) -> list[tuple[int, str]]:
    return [
        (lines_of(function), f"{module.path}:{function.name}")
        for module in modules
        for function in module.functions
        if any(dotted(decorator) == "workflow.run" for decorator in function.decorator_list)
    ]


def test_files_are_short():
    faults = over_budget(file_sizes(product()), FILES)
    assert not faults, report(faults, ADVICE)


def test_functions_are_short():
    faults = over_budget(function_sizes(product()), FUNCTIONS)
    assert not faults, report(faults, ADVICE)


def test_views_parse_authorize_call_one_thing_and_render():
    sizes = view_sizes(room("webapp"))
    assert sizes, "no view was found: has the way of registering them changed?"
    faults = over_budget(sizes, VIEWS)
    assert not faults, report(faults, "Move rules to models/domain, reads to models/queries, writes to models/store.")


def test_a_procedure_reads_on_one_screen():
    sizes = procedure_sizes(room("workflows"))
    assert sizes, "no workflow was found: has the way of marking `run` changed?"
    faults = over_budget(sizes, PROCEDURES)
    assert not faults, report(faults, "Make each wait or step a small named method.")


def test_the_generated_files_exist():
    assert {module.path for module in product()} >= GENERATED.keys(), "take what is gone out of GENERATED"


def function_of(lines: int, decorator: str = "") -> Module:
    body = "\n".join("    x = 1" for _ in range(lines - 1))
    return Module("webapp/example/views.py", f'{decorator}\ndef show():\n    """Say."""\n{body}\n')


def test_a_long_file_is_noticed():
    [fault, *_] = over_budget(file_sizes([Module("models/long.py", "x = 1\n" * 401)]), FILES)
    assert fault == "models/long.py: 401 lines, at most 400"


def test_a_long_function_a_long_tail_and_a_long_middle_are_noticed():
    assert "show: 61 lines" in over_budget(function_sizes([function_of(61)]), FUNCTIONS)[0]
    assert "95 of 100" in over_budget(function_sizes([function_of(31)]), FUNCTIONS)[0]
    assert over_budget(function_sizes([function_of(9)]), FUNCTIONS) == ["the middle one may have 8 lines and has 9"]
    assert over_budget(function_sizes([function_of(8)]), FUNCTIONS) == []


def test_a_long_view_is_noticed():
    assert "21 lines" in over_budget(view_sizes([function_of(21, '@blueprint.get("/x")')]), VIEWS)[0]
    assert over_budget(view_sizes([function_of(20, '@blueprint.get("/x")')]), VIEWS) == []
    assert view_sizes([function_of(21, "@cached")]) == []


def test_a_long_procedure_is_noticed():
    assert "51 lines" in over_budget(procedure_sizes([function_of(51, "@workflow.run")]), PROCEDURES)[0]


def test_calls_are_found_below_a_node():
    assert [dotted(call.func) for call in calls(ast.parse("a.b(c())"))] == ["a.b", "c"]
