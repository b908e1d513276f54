"""Names and docstrings of modules; what a package may hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

from tests.architecture.tree import ROOT, Module, calls, dotted, product, report, room

PATTERNS = frozenset({"utils", "util", "helpers", "helper", "common", "service", "services", "manager", "misc", "base"})
BARE_ROOMS = ("models", "workflows", "activities")
NAMED_FOR_A_BASE = {"models/tables/base.py": "holds the declarative base, whose name SQLAlchemy gives"}
WITH_CONTENT = {
    "models/migrations/__init__.py": "the migrations' own entry points; no workflow reaches it",
    "models/reference/__init__.py": "the one reader of the YAML files beside it; no workflow reaches it",
}
DOCSTRING_LINES = 3


def without_docstring(modules: Iterable[Module]) -> list[str]:
    return [module.path for module in modules if not ast.get_docstring(module.tree)]


def with_long_docstring(modules: Iterable[Module]) -> list[str]:
    return [
        module.path
        for module in modules
        if len([line for line in (ast.get_docstring(module.tree) or "").splitlines() if line]) > DOCSTRING_LINES
    ]


def with_import_in_package(modules: Iterable[Module]) -> list[str]:
    return [
        module.path
        for module in modules
        if module.within(*BARE_ROOMS) and module.name == "__init__" and module.path not in WITH_CONTENT
        if len(module.tree.body) > 1
    ]


def named_after_a_pattern(modules: Iterable[Module]) -> list[str]:
    return [
        module.path
        for module in modules
        if module.path not in NAMED_FOR_A_BASE
        and PATTERNS & {part.removesuffix(".py") for part in module.path.split("/")}
    ]


def test_every_module_says_what_belongs_in_it():
    faults = without_docstring(product())
    assert not faults, report(faults, "Begin the file with one to three lines: what belongs here and what does not.")


def test_a_module_says_it_in_three_lines():
    faults = with_long_docstring(product())
    assert not faults, report(faults, "Say it in three lines; the rest belongs to the functions or to docs/.")


def test_packages_hold_a_docstring_and_no_import():
    faults = with_import_in_package(product())
    assert not faults, report(faults, "Import from the module itself: a package that imports costs every workflow.")


def test_no_module_is_named_after_a_pattern():
    faults = named_after_a_pattern(product())
    assert not faults, report(faults, "Name the file after the noun or the process of the business.")


@pytest.mark.parametrize("exceptions", [NAMED_FOR_A_BASE, WITH_CONTENT])
def test_exceptions_exist(exceptions: dict[str, str]):
    assert {module.path for module in product()} >= exceptions.keys(), "take what is gone out of the exceptions"


def test_violations_are_noticed():
    assert without_docstring([Module("models/store/x.py", "x = 1\n")]) == ["models/store/x.py"]
    assert with_long_docstring([Module("models/x.py", '"""A.\nB.\nC.\nD.\n"""')]) == ["models/x.py"]
    assert with_import_in_package([Module("models/store/__init__.py", '"""Store."""\nimport os\n')])
    assert not with_import_in_package([Module("webapp/__init__.py", '"""Web."""\nimport os\n')])
    assert named_after_a_pattern([Module("webapp/enrollment/helpers.py", "")]) == ["webapp/enrollment/helpers.py"]
    assert named_after_a_pattern([Module("models/common/enrollment.py", "")]) == ["models/common/enrollment.py"]


def test_a_room_in_which_nothing_is_found_is_noticed():
    with pytest.raises(LookupError, match="models/moved"):
        room("models/store", "models/moved")


def test_modules_are_found_below_folders_of_any_depth():
    assert Module("models/store/enrollment/chase.py", "").dotted_name == "models.store.enrollment.chase"
    assert Module("models/store/__init__.py", "").dotted_name == "models.store"
    assert Module("models/store/enrollment/chase.py", "").within("models/store")


def test_packages_are_walked_to_their_last_folder():
    files = [
        *product(),
        *(Module(file.relative_to(ROOT).as_posix(), file.read_text()) for file in ROOT.glob("tests/**/*.py")),
    ]
    faults = [
        module.path
        for module in files
        if any(dotted(call.func).endswith("iter_modules") for call in calls(module.tree))
    ]
    assert not faults, report(
        faults, "Use pkgutil.walk_packages: folders become packages, and a flat scan misses them."
    )
