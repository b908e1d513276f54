"""Migrations as SQL, read by squawk: what would lock a table in use, or lose data."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory

FOLDER = Path("models/migrations")
ALEMBICS_OWN = {
    "    version_num VARCHAR(32)": "prefer-text-field",
    "COMMIT;": "transaction-nesting",
    "BEGIN;": "transaction-nesting, ban-uncommitted-transaction",
}
# Every migration runs in one transaction and never twice; integers and texts are chosen per column.
NOT_FOR_US = ("prefer-robust-stmts", "prefer-bigint-over-int", "require-timeout-settings")


def as_sql(script: ScriptDirectory, revision: str, before: str | None) -> str:
    """The statements of one migration."""
    out = io.StringIO()

    def steps(_current: object, _context: MigrationContext) -> list[RevisionStep]:
        return script._upgrade_revs(revision, before)  # type: ignore[arg-type]

    environment = EnvironmentContext(Config(), script, fn=steps, as_sql=True, starting_rev=before, output_buffer=out)
    with environment:
        environment.configure(dialect_name="postgresql", literal_binds=True)
        environment.run_migrations()
    return _explained(out.getvalue())


def _explained(statements: str) -> str:
    """What Alembic writes by itself, with leave to stand: its table, and its steps out of a transaction."""
    for line, rules in ALEMBICS_OWN.items():
        statements = re.sub(f"^{re.escape(line)}", f"-- squawk-ignore {rules}\n{line}", statements, flags=re.MULTILINE)
    return statements


def write_statements(target: Path) -> list[Path]:
    """One file of SQL for each migration."""
    script = ScriptDirectory(str(FOLDER))
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for revision in reversed(list(script.walk_revisions())):
        before = revision.down_revision
        file = target / f"{revision.revision}.sql"
        file.write_text(as_sql(script, revision.revision, before if isinstance(before, str) else None))
        written.append(file)
    return written


def check_migrations(target: Path) -> bool:
    """True when squawk has nothing to say."""
    files = write_statements(target)
    options = [f"--exclude={','.join(NOT_FOR_US)}", "--pg-version=15.0", "--assume-in-transaction"]
    return subprocess.run([".venv/bin/squawk", *options, *map(str, files)], check=False).returncode == 0
