"""A form that asks for a note on each field of a record: all at once, or those that were marked first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from flask import request
from wtforms import SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from models.domain.core.violations import RuleViolation
from models.domain.records.notes import FieldNote
from webapp.core.forms.form import Form
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.records.noted_answers import AnswerLine

NOTE = "note_"
MARKED = "returned"


class NotesForm(Form):
    """Notes on the answers of a record. `ask_notes` puts a text for each into the form."""

    returned = SelectMultipleField(widget=ListWidget(), option_widget=CheckboxInput(), choices=[])
    lines: tuple[AnswerLine, ...] = ()

    def ask_notes(self, lines: Iterable[AnswerLine], *, inline: bool) -> None:
        """A text for each answer, or where not `inline` a checkbox for each and a text for those that are checked."""
        self.lines = tuple(lines)
        marked = set(request.form.getlist(MARKED))
        for line in self.lines:
            if inline or line.key in marked:
                self._ask(line)
        self.returned.choices = [] if inline else [(line.key, line.label) for line in self.lines]

    def _ask(self, line: AnswerLine) -> None:
        name = f"{NOTE}{line.key}"
        unbound: Any = TextAreaField(_l("What needs to be corrected?"))
        field = self.meta.bind_field(self, unbound, {"name": name, "prefix": ""})
        field.process(request.form if request.method == "POST" else None)
        self._fields[name] = field

    @cached_property
    def options(self) -> Mapping[str, object]:
        """The checkbox of each field, where fields are marked first."""
        return {str(option.data): option for option in self.returned}

    def note_of(self, key: str) -> TextAreaField | None:
        """Where the reason for returning a field is written."""
        return cast("TextAreaField | None", self._fields.get(f"{NOTE}{key}"))

    def notes(self) -> list[FieldNote]:
        """What is returned: each field with a reason, and each that is marked."""
        typed = [(line, self.note_of(line.key)) for line in self.lines]
        marked = set(self.returned.data or ())
        return [
            FieldNote(line.section_id, line.field, str(note.data or ""))
            for line, note in typed
            if note is not None and (note.data or line.key in marked)
        ]

    def refuse(self, violation: RuleViolation) -> None:
        for single in violation.violations:
            section, _slash, field = (single.field or "").partition("/")
            if field:
                single.field = f"{NOTE}{UUID(section).hex}_{field}"
            super().refuse(single)


def without_notes() -> bool:
    """Whether the form of this request holds no note, so that nothing of the record has to be read for it."""
    return not any(text for name, text in request.form.items() if name == MARKED or name.startswith(NOTE))
