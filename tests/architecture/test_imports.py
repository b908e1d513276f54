"""The directions between the rooms: every contract holds, and every contract is seen to break."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, Module, imported_names, report, room

NOT_FOR_THE_WORKER = frozenset({"webapp", "deploy", "flask"})
LINT = Path(sys.executable).parent / "lint-imports"
PACKAGES = (
    "models/domain",
    "models/tables",
    "models/store",
    "models/queries",
    "models/migrations",
    "models/postgres",
    "models/crypto",
    "models/running",
    "models/domain/core",
    "models/domain/enrollment",
    "models/domain/identity",
    "models/tables/core",
    "models/tables/enrollment",
    "models/store/core",
    "models/store/enrollment",
    "models/store/organizations",
    "models/queries/core",
    "models/queries/enrollment",
    "activities/core",
    "workflows/engine",
    "workflows/support",
    "models/domain/enrollment",
    "models/domain/identity",
    "models/domain/records",
    "webapp/core",
    "webapp/enrollment",
    "webapp/health",
    "webapp/identity",
    "webapp/public",
    "webapp/records",
    "webapp/system",
    "webapp/tasks",
    "webapp/cli",
    "deploy/local",
)
MODULES = (
    "models/postgres/database.py",
    "models/crypto/sealing.py",
    "models/running/settings.py",
    "activities/enrollment.py",
    "workflows/enrollment.py",
    "webapp/extensions.py",
    "worker.py",
)
"""The skeleton of the tree, into which each violation is written."""
VIOLATIONS = {
    "Within models: store over queries over tables over domain": ("models/queries/x.py", "import models.store"),
    "The rules know no framework and nothing of ours": ("models/domain/x.py", "import sqlalchemy"),
    "Core knows no capability": ("models/store/core/x.py", "import models.store.enrollment"),
    "Capabilities meet through core, organizations, recipients and inventory only": (
        "models/domain/identity/x.py",
        "import models.domain.enrollment",
    ),
    "Facts know neither pages nor processes": ("models/store/x.py", "import activities"),
    "Activities know facts and the outside world only": ("activities/x.py", "import workflows"),
    "A workflow knows rules, and activities by reference (direct imports)": ("workflows/x.py", "import models.store"),
    "What processes lean on knows no activity, and only the worker knows the engine": (
        "workflows/engine/x.py",
        "import activities",
    ),
    "The web app never meets Temporal": ("webapp/x.py", "import temporalio"),
    "Only the command line starts the local stack": ("webapp/y.py", "import deploy.local"),
    "Pages reach tables through store and queries": ("webapp/z.py", "import models.tables"),
    "The core of the web app knows no capability": ("webapp/core/x.py", "import webapp.enrollment"),
    "Records know no capability": ("webapp/records/x.py", "import webapp.enrollment"),
    "Nothing imports the worker": ("activities/y.py", "import worker"),
    "The local stack knows nothing of ours": ("deploy/local/x.py", "import models"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )


def skeleton(folder: Path) -> None:
    """A tree with our rooms, empty, and our contracts."""
    for package in PACKAGES:
        for place in (folder / package, (folder / package).parent):
            place.mkdir(parents=True, exist_ok=True)
            (place / "__init__.py").touch()
    for module in MODULES:
        (folder / module).touch()
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())


def test_every_direction_between_the_rooms_holds():
    done = lint_imports(ROOT)
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}\nGo through the room that may; docs/architecture.md has the map."
    )


def test_an_empty_tree_keeps_every_contract(tmp_path: Path):
    skeleton(tmp_path)
    done = lint_imports(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_notices_its_violation(tmp_path: Path):
    skeleton(tmp_path)
    for path, source in VIOLATIONS.values():
        (tmp_path / path).write_text(f"{source}\n")
    shown = lint_imports(tmp_path).stdout
    kept = [name for name in VIOLATIONS if f"{name} BROKEN" not in shown]
    assert not kept, f"not noticed: {kept}\n{shown}"


def foreign_to_the_worker(module: Module) -> list[str]:
    """What worker.py imports and must not."""
    return [origin for origin in imported_names(module.tree).values() if origin.split(".")[0] in NOT_FOR_THE_WORKER]


def test_the_worker_composes_all_but_the_web_app():
    [worker] = room("worker.py")
    faults = foreign_to_the_worker(worker)
    assert not faults, report(faults, "The worker and the web app meet in models only.")


def test_a_worker_that_reaches_for_pages_is_noticed():
    assert foreign_to_the_worker(Module("worker.py", "from webapp.core.forms.submission import act")) == [
        "webapp.core.forms.submission.act"
    ]


def test_every_contract_has_a_violation():
    written = {contract["name"] for contract in CONTRACTS}
    assert written == VIOLATIONS.keys(), "write a violation for each contract of pyproject.toml, and take away old ones"


CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["name"])
def test_no_contract_reads_a_room_that_is_gone(contract: dict[str, list[str]]):
    for name in contract.get("source_modules", []):
        place = ROOT.joinpath(*name.split("."))
        assert place.is_dir() or place.with_suffix(".py").is_file(), f"{name} is gone"
