"""The guide to adding a process is true: the toy is built of the files that it names, and of no other."""

from __future__ import annotations

import pytest

from deploy.checks.costs import GUIDE, MOST, Cost, costs
from tests.architecture.tree import ROOT, report

TOY = ROOT / "tests" / "toy"
SCAFFOLD = frozenset({"__init__.py"})


def found() -> list[Cost]:
    return costs((ROOT / GUIDE).read_text(encoding="utf-8"))


def files_of_the_toy() -> set[str]:
    files = (path for pattern in ("*.py", "*.html") for path in TOY.rglob(pattern))
    return {
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.name not in SCAFFOLD and not path.name.startswith("test_")
    }


@pytest.mark.parametrize("cost", found(), ids=lambda cost: cost.thing)
def test_each_thing_costs_no_more_files_than_it_may(cost: Cost):
    assert cost.files, f"{cost.thing} is not in the guide"
    assert not cost.too_much, f"{cost.thing}: {len(cost.files)} files, at most {MOST[cost.thing]}: mend the core"


def test_the_toy_is_made_of_the_files_that_the_guide_names():
    named = {file for cost in found() for file in cost.toy}
    missing = sorted(file for file in named if not (ROOT / file).is_file())
    unnamed = sorted(files_of_the_toy() - named)
    assert not missing + unnamed, report(
        missing + unnamed, "The guide and the toy are one: mend the one that is wrong."
    )


def test_a_thing_that_costs_more_is_noticed():
    rows = "".join(f"| `models/x{number}.py` | `tests/toy/x.py` | y |\n" for number in range(3))
    [mail] = [cost for cost in costs(f"## A mail\n\n{rows}") if cost.thing == "A mail"]
    assert mail.too_much
