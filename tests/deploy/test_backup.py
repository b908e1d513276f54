"""Backup and restore: every row comes back, the world that went on is met with care, a bad backup is refused (D7)."""

from __future__ import annotations

import dataclasses
import json
import shutil
import stat
from contextlib import closing
from datetime import timedelta
from uuid import uuid4

import psycopg2
import pytest
from click.testing import CliRunner
from sqlalchemy import NullPool, create_engine, select, text

from deploy.local.servers.databases import APP, OWNER, WORKER, create_database, drop_database
from models.domain.core.actors import SYSTEM
from models.domain.core.mail.messages import MessageStatus
from models.domain.enrollment.kinds import LinkPurpose
from models.domain.identity.declares import LinkPurpose as AccountLink
from models.postgres.database import normalize_url, transaction
from models.queries.operations.fingerprints import differing, fingerprints
from models.queries.operations.invariants import check_audit_chain
from models.store.core.act import Act
from models.store.core.audit import seal_new_rows
from models.store.core.links import issue_link
from models.store.identity.sessions import start_session
from models.store.operations.restore import settle_restored
from models.tables.core.audit import AuditRow
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.core.processes import Process
from models.tables.identity.accounts import SessionRow
from tests.enrollment_story import EnrollmentStory
from webapp.cli import backup as backup_command
from webapp.cli import restore as restore_command

OTHER = "cvms_restored"
CHANGED_BY_SETTLING = {"audit", "links", "messages", "news", "processes", "sessions", "worker_heartbeats"}


@pytest.fixture
def story(database):
    """An enrollment in progress with somebody signed in, links to a password, mails on the way, a sealed trail."""
    made = EnrollmentStory(database)
    made.fill_in()
    with transaction(database.app_engine) as session:
        start_session(Act(session, SYSTEM, uuid4().hex), account_id=made.admin, device="x", second_factor_passed=True)
        for purpose in (AccountLink.RESET_PASSWORD, LinkPurpose.SIGN_SECTION):
            issue_link(session, purpose=purpose, subject_id=uuid4(), address="a@x.org", lifetime=timedelta(days=1))
    with transaction(database.worker_engine) as session:
        seal_new_rows(session)
    return made


@pytest.fixture
def run(settings, monkeypatch):
    """Runs a command with given settings; nothing asks Temporal."""

    def call(command, *arguments, **changed):
        chosen = dataclasses.replace(settings, **changed)
        for module in (backup_command, restore_command):
            monkeypatch.setattr(module, "command_settings", lambda: chosen)
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    return call


@pytest.fixture
def folder(run, story, tmp_path):
    """A backup of the story."""
    made = run(backup_command.backup, tmp_path / "backup")
    assert made.exit_code == 0, made.output
    return tmp_path / "backup"


@dataclasses.dataclass
class Elsewhere:
    """An empty database beside the test's own."""

    urls: dict[str, str]

    def engine(self, role=OWNER):
        return create_engine(normalize_url(self.urls[role]), poolclass=NullPool)


@pytest.fixture
def elsewhere(server):
    drop_database(server.superuser_url, OTHER)
    with closing(psycopg2.connect(server.superuser_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as run:
            create_database(run, OTHER)
    yield Elsewhere({role: server.url(OTHER, role) for role in (OWNER, APP, WORKER)})
    drop_database(server.superuser_url, OTHER)


@pytest.fixture
def restore(run, elsewhere):
    def call(*arguments):
        return run(restore_command.restore, *arguments, "--without-temporal", owner_database_url=elsewhere.urls[OWNER])

    return call


def of(engine):
    with transaction(engine) as session:
        return fingerprints(session)


def all_of(engine, table):
    with transaction(engine) as session:
        return session.scalars(select(table)).all()


def test_a_backup_says_what_is_in_it_and_belongs_to_its_owner_alone(database, folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {name: entry["rows"] for name, entry in manifest["tables"].items()} == {
        name: found.rows for name, found in of(database.owner_engine).items()
    }
    assert manifest["audit_count"] > 0
    assert stat.S_IMODE((folder / "database.dump").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_restore_brings_every_row_back(database, folder, restore, elsewhere):
    before = of(database.owner_engine)
    answer = restore(folder)
    assert answer.exit_code == 0, answer.output
    assert "every row compared" in answer.output
    assert set(differing(before, of(elsewhere.engine()))) <= CHANGED_BY_SETTLING
    with transaction(elsewhere.engine()) as session:
        assert check_audit_chain(session).violations == 0


def test_the_roles_may_in_the_restored_database_what_they_might_before(folder, restore, elsewhere):
    restore(folder)
    with transaction(elsewhere.engine(APP)) as session:
        session.execute(text("UPDATE messages SET attempts = attempts"))
    with transaction(elsewhere.engine(APP)) as session, pytest.raises(Exception, match="permission denied"):
        session.execute(text("DELETE FROM audit"))


def test_open_processes_get_a_life_that_none_after_the_backup_can_have_had(database, folder, restore, elsewhere):
    [before] = all_of(database.owner_engine, Process)
    restore(folder)
    [after] = all_of(elsewhere.engine(), Process)
    assert after.generation > before.generation + 1_000_000
    assert (after.delivered, after.processed, after.published) == (
        before.processed,
        before.processed,
        before.published + 1,
    )


def test_what_waited_is_held_until_somebody_says_so(database, folder, restore, elsewhere, run):
    waiting = {message.id for message in all_of(database.owner_engine, Message)}
    assert waiting
    answer = restore(folder)
    assert f"{len(waiting)} messages waited then" in answer.output
    held = all_of(elsewhere.engine(), Message)
    assert {message.id for message in held} == waiting
    assert {message.status for message in held} == {MessageStatus.HELD}
    said = run(restore_command.restore, "--send-waiting", owner_database_url=elsewhere.urls[OWNER])
    assert said.output == f"{len(waiting)} messages are sent now.\n"
    assert {message.status for message in all_of(elsewhere.engine(), Message)} == {MessageStatus.WAITING}
    again = run(restore_command.restore, "--send-waiting", owner_database_url=elsewhere.urls[OWNER])
    assert again.output == "No message is held.\n"


def test_nobody_is_signed_in_and_no_link_to_a_password_lives(folder, restore, elsewhere):
    restore(folder)
    assert all(row.ended_at for row in all_of(elsewhere.engine(), SessionRow))
    revoked = {link.purpose: link.revoked_at is not None for link in all_of(elsewhere.engine(), Link)}
    assert revoked[AccountLink.RESET_PASSWORD]
    assert not revoked[LinkPurpose.SIGN_SECTION]


def test_the_restore_stands_in_the_audit_trail(folder, restore, elsewhere):
    restore(folder)
    with transaction(elsewhere.engine()) as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "system.restore")).one()
    assert row.detail["processes"] == 1


def test_settling_again_gives_no_smaller_generation(database, story):
    for _ in range(2):
        before = all_of(database.owner_engine, Process)[0].generation
        with transaction(database.owner_engine) as session:
            settle_restored(Act(session, SYSTEM, uuid4().hex))
        assert all_of(database.owner_engine, Process)[0].generation > before


def test_a_database_that_went_back_by_other_means_is_only_settled(folder, restore, elsewhere):
    restore(folder)
    [before] = all_of(elsewhere.engine(), Process)
    answer = restore("--settle")
    assert answer.output.startswith("1 open processes get a new life")
    assert all_of(elsewhere.engine(), Process)[0].generation > before.generation


def test_a_database_with_anything_in_it_is_left_alone(database, folder, run):
    before = of(database.owner_engine)
    answer = run(restore_command.restore, folder, "--without-temporal")
    assert (answer.exit_code, "The database is not empty" in answer.output) == (1, True)
    assert of(database.owner_engine) == before


def test_a_database_that_somebody_uses_is_left_alone(folder, restore, elsewhere):
    with elsewhere.engine(APP).connect():
        assert "Somebody is connected" in restore(folder).output


def test_a_changed_or_cut_dump_is_refused(folder, restore, elsewhere):
    dump = folder / "database.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    assert "changed or cut" in restore(folder).output
    dump.unlink()
    assert "changed or cut" in restore(folder).output
    assert of(elsewhere.engine()) == {}


def test_rows_that_differ_from_the_manifest_are_named(folder, restore):
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"]["tasks"]["rows"] += 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "These tables are not what the manifest says: tasks." in restore(folder).output


def test_an_unfinished_a_foreign_and_a_newer_backup_are_refused(folder, restore, tmp_path):
    assert "no finished backup" in restore(tmp_path / "nowhere").output
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    assert "another version" in restore(folder).output
    (folder / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}))
    assert "newer version" in restore(folder).output
    shutil.rmtree(folder)


def test_misuse_is_said(run, tmp_path, story):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert "is not empty" in run(backup_command.backup, tmp_path / "full").output
    assert "CVMS_OWNER_DATABASE_URL" in run(backup_command.backup, tmp_path / "a", owner_database_url="").output
    assert "CVMS_OWNER_DATABASE_URL" in run(restore_command.restore, tmp_path, owner_database_url="").output
    assert "Name the folder" in run(restore_command.restore).output
    nowhere = "postgresql://x:y@127.0.0.1:1/none"
    assert "cannot be reached" in run(backup_command.backup, tmp_path / "b", owner_database_url=nowhere).output
    assert "no pg_dump" in run(backup_command.backup, tmp_path / "c", pg_bin=programs_without_dump(tmp_path)).output


def programs_without_dump(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").touch()
    return str(tmp_path / "bin")


def test_a_failing_dump_leaves_no_backup(run, story, tmp_path, monkeypatch):
    monkeypatch.setattr(backup_command, "export_snapshot", lambda _session: "00000000-0000001-1")
    answer = run(backup_command.backup, tmp_path / "d")
    assert "pg_dump failed" in answer.output
    assert not (tmp_path / "d" / "manifest.json").exists()
    assert "owner" not in answer.output.partition("failed:")[2]
