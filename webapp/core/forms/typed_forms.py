"""What the form macro asks about a form: its mark, the draft that it shows again, and what was saved meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from flask import Flask, g, request
from flask_babel import format_time
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from wtforms import BooleanField, Field, FileField, PasswordField, SelectField, StringField

from models.queries.core.drafts import KeptDraft, find_draft
from webapp.core.forms.drafts import (
    MARKER,
    NOBODY,
    SECRET,
    WISH,
    Mark,
    current_owner,
    draw_mark,
    form_at,
    form_of,
    keep_typed,
    sent_mark,
    typed_now,
)
from webapp.core.forms.form import Form, leaves
from webapp.core.return_address import asked_page
from webapp.extensions import db

SAFE = frozenset({"GET", "HEAD"})
DECLARATIONS = frozenset({"confirmed", "declared", "agreed"})
"""Boxes by which somebody declares something: they are checked anew."""
BUTTONS = frozenset({"then", "decision"})
FIRST_BUTTON = re.compile(r'<button\b[^>]*type="submit"[^>]*>')
NAMED = re.compile(r'\b(name|value)="([^"]*)"')
MAIN_FORM = "typed-form"
"""The id of the page's first form with typed text."""


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A form of which the typed text survives. `kept` says that drafts of it are kept, `restored` that one is shown.

    `meanwhile` is what was saved after the draft was begun, `left_over` what has no field on the page.
    """

    mark_name: str
    mark: str
    form_id: str | None
    kept: bool
    restored: bool = False
    saved_at: str = ""
    meanwhile: tuple[tuple[str, str], ...] = ()
    left_over: tuple[tuple[str, str], ...] = ()


def init_app(app: Flask) -> None:
    """Offer it to the macros; and to the frame, which form of the page the language switch takes along."""
    app.jinja_env.globals.update(
        typed_form=typed_form,
        typed_to_show=typed_to_show,
        remember_button=remember_button,
        main_form=lambda: g.get("main_form"),
        main_button=lambda: g.get("main_button", {}),
        wish_name=WISH,
    )


def typed_form(form: Form, action: str | None) -> TypedForm | None:
    """The form as it is about to be drawn, with its draft put into its fields; None where nothing is typed."""
    place = form_at(action or request.path) if form.keeps_typed and typed_fields(form) else None
    if place is None:
        return None
    owner, this = current_owner(place[1]), form_of(*place)
    never = frozenset(one.name for one in leaves(form) if never_kept(one))
    unseen = frozenset(one.name for one in leaves(form) if is_hidden(one))
    mark = draw_mark(Mark(this, owner or NOBODY, asked_page() or "", never, unseen))
    form_id = None if "main_form" in g else MAIN_FORM
    g.setdefault("main_form", form_id)
    shown = TypedForm(MARKER, mark, form_id, kept=owner is not None)
    if owner is None:
        return shown
    if request.method not in SAFE:
        _keep_tried(owner, this)
        return shown
    draft = find_draft(db.session(), owner=owner, form=this)
    return shown if draft is None else _restored(shown, form, draft)


def remember_button(inside: str) -> None:
    """Keep the name and value of the form's first button: Enter in a field presses it, and not the language switch."""
    tag = FIRST_BUTTON.search(str(inside))
    g.main_button = {name: unescape(value) for name, value in NAMED.findall(tag.group(0))} if tag else {}


def typed_fields(form: Form) -> bool:
    """Whether something is typed into the form that may be kept."""
    return any(isinstance(one, StringField) and not is_hidden(one) and not never_kept(one) for one in leaves(form))


def is_hidden(field: Field) -> bool:
    return getattr(field.widget, "input_type", "") == "hidden"


def never_kept(field: Field) -> bool:
    """Passwords, files and codes; and boxes by which somebody declares something, which are checked anew."""
    if isinstance(field, PasswordField | FileField) or SECRET.search(str(field.name).lower()):
        return True
    autocomplete = str((field.render_kw or {}).get("autocomplete", ""))
    return autocomplete == "one-time-code" or (isinstance(field, BooleanField) and field.short_name in DECLARATIONS)


def _keep_tried(owner: str, this: str) -> None:
    """A form that was sent and refused is shown with what was typed; it is also kept, for whoever closes the page."""
    mark = sent_mark()
    if mark is not None and (mark.form, mark.owner) == (this, owner):
        keep_typed(mark, owner)


def _restored(shown: TypedForm, form: Form, draft: KeptDraft) -> TypedForm:
    fields = list(leaves(form))
    before = {one.name: _said(one) for one in fields}
    moved = _version_of(draft) not in (None, _shown_version(form))
    changed = [one for one in _put_back(form, draft) if _said(one) != before[one.name]]
    left_over = tuple((said_name(name), text) for name, text in draft.typed if _is_left_over(name, text, before))
    if not changed and not left_over:
        return shown
    meanwhile = tuple((str(one.label.text), before[one.name] or _("nothing")) for one in changed) if moved else ()
    saved_at = format_time(draft.saved_at, format="short")
    return replace(shown, restored=True, saved_at=saved_at, meanwhile=meanwhile, left_over=left_over)


def _put_back(form: Form, draft: KeptDraft) -> Iterator[Field]:
    """Put what was typed into the fields that are seen; hidden ones say what the page is about now."""
    typed: MultiDict[str, str] = MultiDict(draft.typed)
    for one in leaves(form):
        if is_hidden(one) or never_kept(one) or not (one.name in typed or _may_be_absent(one)):
            continue
        one.process(typed)
        yield one


def _may_be_absent(field: Field) -> bool:
    """Nothing is sent of boxes that are not checked."""
    return isinstance(field, BooleanField) or getattr(field.widget, "multiple", False)


def _said(field: Field) -> str:
    """What a field says, in the words of its choices."""
    data: Any = field.data
    if isinstance(field, SelectField):
        return next((str(one.label.text) for one in field if str(one.data) == str(data)), "") if data else ""
    return "" if data is None else str(data)


def _version_of(draft: KeptDraft) -> str | None:
    return next((text for name, text in draft.typed if name == "version"), None)


def _shown_version(form: Form) -> str | None:
    field = form._fields.get("version")
    return None if field is None or field.data is None else str(field.data)


def _is_left_over(name: str, text: str, fields: Mapping[str, str]) -> bool:
    """Typed into a field that the form has only after a choice: nothing of it is lost."""
    return bool(text.strip()) and name not in fields and name not in BUTTONS


def typed_to_show() -> tuple[tuple[str, str], ...]:
    """What the form of this request was sent with, for a page that refuses it: nothing that is never kept."""
    try:
        mark = sent_mark() if request.method == "POST" else None
    except HTTPException:
        return ()
    if mark is None:
        return ()
    seen = ((name, text) for name, text in typed_now(mark) if name not in mark.unseen | BUTTONS)
    return tuple((said_name(name), text) for name, text in seen if text.strip())


def is_somebodys_form() -> bool:
    """Whether the form of this request was drawn for somebody, and for no visitor."""
    mark = sent_mark()
    return mark is not None and mark.owner != NOBODY


def said_name(name: str) -> str:
    """A field's name for a person, where no label is at hand."""
    words = [part for part in name.split("_") if len(part) < 32]
    return " ".join(words).capitalize()
