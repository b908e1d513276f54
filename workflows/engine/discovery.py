"""Finding every workflow and activity of the tree, so that none is forgotten when a worker registers them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

WORKFLOW_MARK = "__temporal_workflow_definition"
ACTIVITY_MARK = "__temporal_activity_definition"


def workflows_in(package: ModuleType) -> list[type]:
    """Every class in a package that is a workflow of its own."""
    return [found for found in _members(package) if isinstance(found, type) and WORKFLOW_MARK in vars(found)]


def activities_in(package: ModuleType) -> list[Callable[..., Any]]:
    """Every function in a package that is an activity."""
    return [found for found in _members(package) if callable(found) and hasattr(found, ACTIVITY_MARK)]


def _members(package: ModuleType) -> Iterator[Any]:
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        for value in vars(importlib.import_module(module.name)).values():
            if getattr(value, "__module__", None) == module.name:
                yield value
