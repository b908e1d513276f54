"""Reading the tables of docs/, so that tests can compare them with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.tree import ROOT


def read_doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def table_below(text: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, the row of column names first."""
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"there is no heading {heading!r}"
    return list(_rows(rest.partition("\n## ")[0]))


def _rows(text: str) -> Iterator[list[str]]:
    begun = False
    for line in text.splitlines():
        if not line.startswith("|"):
            if begun:
                return
            continue
        begun = True
        if not re.fullmatch(r"[|\s:-]+", line):
            yield [cell.strip() for cell in line.strip().strip("|").split("|")]


def cells(table: list[list[str]]) -> dict[tuple[str, str], str]:
    """Each cell by the name of its row and of its column, backticks taken off."""
    columns = [name.strip("`") for name in table[0]]
    return {
        (row[0].strip("`"), column): cell
        for row in table[1:]
        for column, cell in zip(columns[1:], row[1:], strict=True)
    }


def differences(written: dict[tuple[str, str], str], meant: dict[tuple[str, str], str]) -> list[str]:
    """Every cell that the document says otherwise than the code."""
    return [
        f"{row} × {column}: the document says {written.get((row, column))!r}, the code {meant.get((row, column))!r}"
        for row, column in sorted(written.keys() | meant.keys())
        if written.get((row, column)) != meant.get((row, column))
    ]
