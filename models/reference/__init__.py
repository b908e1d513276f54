"""Reviewed reference data as YAML: the seed of dated rows that officials then edit. Only this file reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> Any:
    """A reference file by its name without the ending, such as `states` or `messages/sign_section`.

    The answer is shared and must not be changed. Raises `LookupError` when there is no such file.
    """
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise LookupError(f"no reference data named {name}")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def names(folder: str) -> tuple[str, ...]:
    """The names of the reference files in a folder, sorted."""
    return tuple(sorted(path.stem for path in (FOLDER / folder).glob("*.yaml")))
