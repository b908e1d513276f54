"""The base of every form: its token, the care for typed text, and its errors as links and as a status."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from flask import g, render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from models.domain.core.violations import RuleViolation
from models.domain.identity.lockout import Braked
from models.domain.records import typed_text
from webapp.core.braking import TOO_MANY_REQUESTS, answer_braked
from webapp.core.forms.fields import kind_of
from webapp.core.forms.messages import FormWords, name_field
from webapp.core.text.refusals import say

FieldT = TypeVar("FieldT", bound=Field)
MAX_LINE = 1_000
MAX_TEXT = 10_000
TOKEN_LENGTH = 32
may_repeat: set[str] = set()
"""The names of all lists of checkboxes: the only fields that a form may hold more than once."""
CARRYING = "carrying_typed_text"
"""Set while a form is not sent but taken along into another language: nothing is checked, all is shown again."""


@dataclass(frozen=True, slots=True)
class ErrorLink:
    """One error: its words, and the id of the field it belongs to."""

    message: str
    field_id: str | None


class Form(FlaskForm):
    """A form of the product. `form_token` makes a double press one act; typed text is normalized once, here."""

    class Meta(FlaskForm.Meta):
        def bind_field(
            self, form: BaseForm, unbound_field: UnboundField[FieldT], options: MutableMapping[str, Any]
        ) -> FieldT:
            if issubclass(unbound_field.field_class, StringField):
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": [_cleaner(unbound_field.field_class), *own]}
            return super().bind_field(form, unbound_field, options)

        def get_translations(self, form: BaseForm) -> FormWords:
            return FormWords()

    keeps_typed = True
    """Whether a draft of what is typed is kept; passwords, files and codes never are."""

    form_token = HiddenField(default=lambda: uuid4().hex)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        lists = (name for name, field in vars(cls).items() if isinstance(field, UnboundField) and _is_list(field))
        may_repeat.update(lists)

    braked = False
    """Whether it was sent too soon after too many others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        for field in leaves(self):
            if isinstance(field, StringField) and not isinstance(field, PasswordField) and field.raw_data:
                # Validators that ask whether anything was typed look at this: what cannot be seen is nothing.
                field.raw_data = [field.data or ""]
        self.own_version: int | None = None
        self.version_after: int | None = None
        self.stays_open = False

    def validate_on_submit(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """The form was sent, and nothing in it is wrong."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if self.carried:
            return False
        extra: dict[str, list[Any]] = {name: list(found) for name, found in (extra_validators or {}).items()}
        for name, field in self._fields.items():
            if isinstance(field, StringField):
                extra.setdefault(name, []).extend((refuse_unseen_characters, refuse_endless_text))
        valid = bool(super().validate(extra_validators=extra))
        for field in leaves(self):
            field.errors = [name_field(str(text), str(field.label.text), kind_of(field)) for text in field.errors]
        return valid

    def validate_form_token(self, field: HiddenField) -> None:
        token = str(field.data or "")
        if len(token) != TOKEN_LENGTH or not set(token) <= set("0123456789abcdef"):
            field.data = uuid4().hex
            raise ValidationError(_("The form wasn't complete. Check it and send it again."))

    def refuse(self, violation: RuleViolation) -> None:
        """Put what the rules say beside the fields they name, the rest above the form; a brake makes it a 429."""
        if isinstance(violation, Braked):
            self.braked = True
            answer_braked(violation.wait)
        for single in violation.violations:
            field = self._fields.get(single.field or "")
            if field is None:
                self.form_errors.append(say(single))
            else:
                field.errors = [*field.errors, say(single)]

    @property
    def carried(self) -> bool:
        """Whether the form was not sent, but is taken along into another language."""
        return bool(g.get(CARRYING, False))

    def since_own_act(self, version: int) -> int:
        """The version that the person has seen: the page's, or the one at which its own last act has left the row."""
        return max(version, self.own_version or 0)

    def take_over(self, tried: Form) -> None:
        """Show what a form that has some of the fields of this one was sent with, and what was wrong with it."""
        self.form_errors.extend(tried.form_errors)
        for name, field in tried._fields.items():
            own = self._fields[name]
            own.data, own.errors = field.data, field.errors

    @property
    def error_links(self) -> list[ErrorLink]:
        """Every error in the order of the form, those of the whole form first."""
        whole = [ErrorLink(str(message), None) for message in self.form_errors]
        return [*whole, *(ErrorLink(str(text), first_id(field)) for field in leaves(self) for text in field.errors)]

    @property
    def status(self) -> int:
        """200, 422 where a field is wrong, 409 where the act as a whole was refused, 429 where it was braked."""
        if self.braked:
            return TOO_MANY_REQUESTS
        if self.form_errors:
            return 409
        return 422 if self.errors else 200


def form_page(template: str, form: Form, **context: object) -> tuple[str, int]:
    """The page of a form, with everything typed kept and the status that its errors ask for."""
    return render_template(template, form=form, **context), form.status


def refuse_unseen_characters(form: FlaskForm, field: Field) -> None:
    """Control characters have no place in a text; a line feed has, in a text of several lines.

    They have no place in a page either, so the text is shown again without them.
    """
    allowed = "\n" if isinstance(field, TextAreaField) else ""
    text = field.data or ""
    if any(_is_unseen(character) for character in text if character not in allowed):
        field.data = seen_only(text, allowed)
        raise ValidationError(_("We removed invisible characters, such as a tab. Check it and send it again."))


def _is_list(field: UnboundField[Any]) -> bool:
    return issubclass(field.field_class, SelectMultipleField)


def seen_only(text: str, allowed: str = "\r\n") -> str:
    """A text without the control characters that no page can show."""
    return "".join(one for one in text if one in allowed or not _is_unseen(one))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"}


def refuse_endless_text(form: FlaskForm, field: Field) -> None:
    """The outer limit of any text; most fields have a smaller one of their own."""
    limit = MAX_TEXT if isinstance(field, TextAreaField) else MAX_LINE
    if len(field.data or "") > limit:
        raise ValidationError(_("Use %(limit)s characters or fewer.", limit=limit))


def _cleaner(field_class: type[Field]) -> Callable[[object], object]:
    if issubclass(field_class, PasswordField):
        return normalize
    return clean_text


def normalize(typed: object) -> object:
    """The same characters in their one composed form (NFC)."""
    return unicodedata.normalize("NFC", typed) if isinstance(typed, str) else typed


def clean_text(typed: object) -> object:
    """In its one spelling, without what cannot be seen and without white space around it."""
    return typed_text.clean_text(typed) if isinstance(typed, str) else typed


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """Every single field, also those within a list of fields or a form within the form."""
    for field in fields:
        if isinstance(field, FormField):
            yield from leaves(field.form)
        elif isinstance(field, FieldList):
            yield from leaves(field.entries)
        else:
            yield field


def first_id(field: Field) -> str | None:
    """The id to jump to: of the field, or of the first choice where it is a list of choices; None when hidden."""
    if isinstance(field, HiddenField):
        return None
    widget = getattr(field.widget, "prefix_label", None)
    return f"{field.id}-0" if widget is not None else str(field.id)
