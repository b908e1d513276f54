"""Cheap passwords and quick answers are for tests alone: no file of the product chooses what a hash costs."""

from __future__ import annotations

from collections.abc import Iterable

from tests.architecture.tree import Module, product, report
from webapp.core import timing

SEAM = "use_hashers"
HOME = "models/crypto/hashing.py"


def choosing(modules: Iterable[Module]) -> list[str]:
    """Files that mention the seam, other than the one that has it."""
    return [module.path for module in modules if module.path != HOME and SEAM in module.source]


def test_no_part_of_the_product_chooses_what_a_hash_costs():
    faults = choosing(product())
    assert not faults, report(faults, f"Change PRODUCTION in {HOME}, which every process begins with.")


def test_the_seam_is_where_it_is_looked_for():
    [home] = [module for module in product() if module.path == HOME]
    assert f"def {SEAM}(" in home.source


def test_a_file_that_chooses_is_noticed():
    assert choosing([Module("webapp/x.py", "from models.crypto.hashing import use_hashers")]) == ["webapp/x.py"]


def test_the_product_takes_its_time_where_the_tests_do_not():
    """The fixture `app` sets it to nothing; where the product would too, the time of an answer told who exists."""
    assert timing.ANSWER_AFTER == 0.2
