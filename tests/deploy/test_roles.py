"""`deploy/roles.sql` makes the roles and the database; the migrations run in it, and doing it again changes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from deploy.local.servers.postgres import Postgres
from models.migrations import upgrade
from models.postgres.database import make_engine
from tests.versions import VERSIONS, programs_of

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "roles.sql"
PASSWORDS = {"owner": "it's an owner", "app": "an \\app", "worker": 'a "worker"'}


@pytest.fixture(params=VERSIONS)
def postgres(tmp_path, request):
    tmp_path.chmod(0o755)
    with Postgres(tmp_path / "pg", password="x", binaries=programs_of(request.param), durable=False) as running:
        yield running


def apply(postgres, **more):
    variables = {f"{role}_password": password for role, password in PASSWORDS.items()} | more
    options = [f"--set={name}={value}" for name, value in variables.items()]
    command = [str(postgres.programs / "psql"), "--no-psqlrc", "--quiet", *options, f"--file={ROLES}", postgres.url()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.stack
def test_roles_and_database_are_made_and_the_migrations_run(postgres):
    for _ in range(2):
        apply(postgres)
    apply(postgres, database="cvms_training")
    place = postgres.url().rpartition("@")[2].partition("/")[0]
    urls = {
        role: f"postgresql://cvms_{role}:{quote(password, safe='')}@{place}/cvms"
        for role, password in PASSWORDS.items()
    }
    upgrade(urls["owner"])
    for role in ("app", "worker"):
        engine = make_engine(urls[role], pool_size=1)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0
            assert not connection.execute(text("SELECT has_table_privilege('audit', 'DELETE')")).scalar_one()
            powers = "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = "
            assert not connection.execute(text(powers + "current_user")).scalar_one()
        engine.dispose()
