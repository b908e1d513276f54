"""How much a folder may hold, and that no file repeats the name of its folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.architecture.tree import Module, report, room

HOUSE = ("models", "activities", "workflows", "webapp", "deploy")
MOST_FILES = 15
"""Without `__init__.py`."""


def crowded(modules: Iterable[Module]) -> list[str]:
    """The folders with too many files."""
    folders = Counter(module.path.rpartition("/")[0] for module in modules if module.name != "__init__")
    return [f"{folder}: {count} files" for folder, count in sorted(folders.items()) if count > MOST_FILES]


def repeating(modules: Iterable[Module]) -> list[str]:
    """The files that are called like their folder, or begin with its name."""
    return [
        module.path
        for module in modules
        if (folder := module.path.split("/")[-2] if "/" in module.path else "")
        if module.name == folder or module.name.startswith(f"{folder}_")
    ]


def test_no_folder_is_crowded():
    faults = crowded(room(*HOUSE))
    assert not faults, report(faults, f"At most {MOST_FILES} files: find the two nouns that live in it.")


def test_no_file_repeats_the_name_of_its_folder():
    faults = repeating(room(*HOUSE))
    assert not faults, report(faults, "The folder says it already.")


def test_violations_are_noticed():
    many = [Module(f"webapp/x/{number}.py", "") for number in range(MOST_FILES + 1)]
    assert crowded([*many, Module("webapp/x/__init__.py", "")]) == [f"webapp/x: {MOST_FILES + 1} files"]
    assert crowded(many[1:]) == []
    assert repeating([Module("webapp/tasks/tasks.py", ""), Module("webapp/tasks/tasks_page.py", "")])
    assert not repeating([Module("webapp/tasks/page.py", ""), Module("worker.py", "")])
