"""Whatever part runs knows every table that the ones it uses refer to."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

UNKNOWN = """
import {part}
from models.tables.base import Base
tables = Base.metadata.tables
names = {{key.target_fullname.split(".")[0] for table in tables.values() for key in table.foreign_keys}}
print(*sorted(names - tables.keys()), end="")
"""


@pytest.mark.parametrize("part", ["worker, activities.enrollment", "models.store.core.links"])
def test_every_reference_of_a_part_leads_to_a_table_that_it_knows(part):
    asked = [sys.executable, "-c", UNKNOWN.format(part=part)]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 0), found.stderr
