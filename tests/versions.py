"""The PostgreSQL servers of one run: the newest for every test, and 15 beside it for the tests that meet SQL."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.setup.postgres15 import MISSING, find_postgres15, in_build
from tests.database import Server, run_server

NEWEST = "pg18" if "CVMS_PG_BIN" not in os.environ else "pg-chosen"
OLDEST = "pg15"
VERSIONS = [NEWEST, OLDEST] if find_postgres15() else [NEWEST]
TESTS = Path(__file__).parent
ON_BOTH = (
    "store",
    "queries",
    "models",
    "migrations",
    "activities",
    "deploy/test_backup.py",
    "deploy/test_dump.py",
    "webapp/enrollment/test_home.py",
    "webapp/enrollment/test_journey.py",
    "webapp/operations/test_health.py",
    "webapp/identity/test_devices.py",
    "webapp/identity/test_lockout.py",
    "webapp/operations/test_audit_export.py",
    "webapp/operations/test_metrics.py",
    "webapp/operations/test_page.py",
    "webapp/tasks/test_inbox.py",
    "webapp/tasks/test_large.py",
    "webapp/tasks/test_races.py",
)
"""Where a test that asks for a database runs on both; elsewhere the same statements are only run again.

Each file of `webapp` here sends statements that no other test on the oldest version sends: queries of pages alone.
"""
ADDRESSES = pytest.StashKey[dict[str, str]]()
_stack = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """A build without the oldest version ends at once."""
    config.stash[ADDRESSES] = dict(getattr(config, "workerinput", {}).get("servers", {}))
    if find_postgres15() is None and in_build():
        raise pytest.UsageError(MISSING)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what meets SQL once on each server."""
    on_both = any(metafunc.definition.path.is_relative_to(TESTS / part) for part in ON_BOTH)
    if on_both and "server" in metafunc.fixturenames:
        metafunc.parametrize("server", VERSIONS, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which versions the run was."""
    if find_postgres15() is None:
        terminalreporter.write_line(MISSING, yellow=True)
        return
    passed = sum(OLDEST in report.nodeid for report in terminalreporter.stats.get("passed", []))
    terminalreporter.write_line(f"{passed} of the tests that passed ran on PostgreSQL 15.")


def programs_of(version: str) -> str | None:
    """The folder of a version's programs; none for the embedded one."""
    return os.environ.get("CVMS_PG_BIN") if version == NEWEST else str(find_postgres15())


def server_address(config: pytest.Config, version: str) -> str:
    """The superuser's address of a server of this run, started when it is first asked for."""
    addresses = config.stash[ADDRESSES]
    if version not in addresses:
        addresses[version] = _stack.enter_context(contextmanager(run_server)(programs_of(version))).superuser_url
    return addresses[version]


class XdistHooks:
    """The controller starts the servers and hands their addresses to every test worker."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["servers"] = {version: server_address(node.config, version) for version in VERSIONS}


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.pluginmanager.has_plugin("dsession"):
        session.config.pluginmanager.register(XdistHooks())


def pytest_unconfigure() -> None:
    _stack.close()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """The PostgreSQL server of this test: the newest unless the test runs on both."""
    return Server(server_address(request.config, getattr(request, "param", NEWEST)))
