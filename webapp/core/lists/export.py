"""All that matches a list as a CSV file: streamed, without formulas, with an audit row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Response, stream_with_context
from sqlalchemy import Row

from models.postgres.database import reading, transaction
from models.queries.core.lists.pages import Listing, every_row
from models.store.core.act import Act
from models.store.core.audit import record
from webapp.core.lists.address import ListAddress
from webapp.core.permissions import current_actor
from webapp.extensions import db

Cell = str | int | float | None
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for a formula when a cell begins with it; the wide forms count too."""
BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet does not read UTF-8."""


def export_csv(
    name: str,
    address: ListAddress,
    listing: Listing,
    header: Sequence[str],
    cells: Callable[[Row[Any]], Sequence[Cell]],
) -> Response:
    """The file `name`.csv with every row of the list, as `cells` writes it; that it was asked for is audited first."""
    with transaction(db.engine) as session:
        detail = {"filters": _what_was_filtered(address)}
        record(Act(session, current_actor()), action="list.export", object_type=name, object_id=None, detail=detail)
    engine = db.engine
    lines = _lines(header, (cells(row) for row in every_row(lambda: reading(engine), listing)))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def neutral(cell: Cell) -> Cell:
    """A cell that no spreadsheet runs: a text that begins like a formula has an apostrophe before it."""
    if isinstance(cell, str) and cell.lstrip(" ")[:1] in FORMULA and cell.strip(" "):
        return f"'{cell}"
    return cell


def _lines(header: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([neutral(cell) for cell in cells])
    return out.getvalue()


def _what_was_filtered(address: ListAddress) -> dict[str, str | None]:
    """The values of choices; of a text only that there was one, since it may be a person's name."""
    texts = {one.name for one in address.filters if one.choices is None}
    return {name: None if name in texts else value for name, value in address.chosen.items()}
