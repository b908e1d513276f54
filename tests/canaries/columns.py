"""The class of every column, as `models/reference/columns.yaml` has it."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import yaml

import models.tables
from models.tables.base import Base

FILE = Path(__file__).resolve().parents[2] / "models" / "reference" / "columns.yaml"
CLASSES = ("phi", "pii", "secret", "internal", "public")
Column = tuple[str, str]


def classed() -> list[tuple[Column, str]]:
    """Every column that the file lists, with its class."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        ((table, column), name)
        for table, classes in listed.items()
        for name, columns in classes.items()
        for column in columns
    ]


def existing() -> list[Column]:
    """Every column of the product's tables."""
    for module in pkgutil.walk_packages(models.tables.__path__, f"{models.tables.__name__}."):
        importlib.import_module(module.name)
    return [(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns]


def of_class(*names: str) -> list[Column]:
    """The columns of some classes."""
    return [column for column, name in classed() if name in names]
