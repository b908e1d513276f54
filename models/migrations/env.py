"""Runs migrations: one transaction each, as the owner of the database."""

from __future__ import annotations

import importlib
import pkgutil

from alembic import context
from sqlalchemy import create_engine

import models.tables
from models.tables.base import Base

for module in pkgutil.walk_packages(models.tables.__path__, f"{models.tables.__name__}."):
    importlib.import_module(module.name)

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
