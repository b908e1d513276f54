"""What the field macro asks about a WTForms field: its kind, and the attributes that help a reader."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask
from wtforms import BooleanField, Field, FileField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.widgets import ListWidget


def init_app(app: Flask) -> None:
    """Offer it to the macros, which see no page's context."""
    app.jinja_env.globals.update(kind_of=kind_of, attributes=attributes, new_form_token=lambda: uuid4().hex)


def kind_of(field: Field) -> str:
    """How a field is drawn: choices, checkbox, select, textarea, file or input."""
    if isinstance(field, RadioField) or isinstance(getattr(field, "widget", None), ListWidget):
        return "choices"
    kinds = (
        (BooleanField, "checkbox"),
        ((SelectField, SelectMultipleField), "select"),
        (TextAreaField, "textarea"),
        (FileField, "file"),
    )
    return next((kind for classes, kind in kinds if isinstance(field, classes)), "input")


def attributes(
    described: str, errors: object, autocomplete: str | None = None, inputmode: str | None = None
) -> dict[str, str]:
    """ARIA and browser attributes, only those with a value."""
    found = {
        "aria-describedby": described.strip(),
        "aria-invalid": "true" if errors else None,
        "autocomplete": autocomplete,
        "inputmode": inputmode,
    }
    return {name: text for name, text in found.items() if text}
