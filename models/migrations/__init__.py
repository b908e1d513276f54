"""Alembic migrations: how the database comes to have its tables, its grants and its views."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from models.domain.capabilities import declared
from models.migrations.declarations import write_declarations
from models.postgres.database import normalize_url


def configuration(owner_url: str) -> Config:
    """Alembic's configuration for a database; `owner_url` is the owner's address."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = normalize_url(owner_url)
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring a database to a revision, and add to it what the capabilities declare."""
    command.upgrade(configuration(owner_url), revision)
    write_declarations(owner_url, declared())


def downgrade(owner_url: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(configuration(owner_url), revision)


def head_revision() -> str:
    """The newest revision that this code knows."""
    head = ScriptDirectory(str(Path(__file__).parent)).get_current_head()
    if head is None:
        raise LookupError("there is no migration")
    return head


def knows_revision(revision: str) -> bool:
    """Whether this code knows a revision, so that it can bring its tables to the newest one."""
    return any(known.revision == revision for known in ScriptDirectory(str(Path(__file__).parent)).walk_revisions())
