"""Text given on the command line, made clean as everywhere else."""

from __future__ import annotations

import click

from models.domain.records.typed_text import clean_text


class TypedText(click.ParamType[str]):
    """A text of at least one character, as `clean_text` leaves it."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = clean_text(value)
        if not text:
            self.fail("It is empty.", param, ctx)
        return text


TEXT = TypedText()
