"""A form with a reply to each note on the fields of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext
from wtforms import Field as FormField
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from models.domain.core.reasons import MAX_REASON
from models.domain.core.violations import RuleViolation
from models.domain.records.notes import Correction
from models.domain.records.sections import Section
from webapp.core.forms.form import Form

REPLY = "reply_"


class RepliesForm(Form):
    """Replies to notes. `ask` puts a text for each note into the form."""

    corrections: Sequence[Correction] = ()

    def ask(self, section: Section, corrections: Sequence[Correction]) -> None:
        """A text for each note, with the reply so far."""
        self.corrections = corrections
        for one in corrections:
            field = section.field(one.field)
            label = gettext(field.label) if field else one.field
            rules = [Optional(), Length(max=MAX_REASON)]
            unbound: Any = TextAreaField(label, validators=rules, default=one.reply or "")
            bound = self.meta.bind_field(self, unbound, {"name": f"{REPLY}{one.note_id.hex}", "prefix": ""})
            bound.process(request.form if request.method == "POST" else None)
            self._fields[bound.name] = bound

    def reply_field(self, correction: Correction) -> FormField:
        """Where the reply to a note is written."""
        return self._fields[f"{REPLY}{correction.note_id.hex}"]

    def replies(self) -> dict[UUID, str]:
        """The replies that say something new; where there is none, the first note's empty one, which is refused."""
        typed = {one.note_id: str(self.reply_field(one).data or "").strip() for one in self.corrections}
        before = {one.note_id: one.reply or "" for one in self.corrections}
        new = {note_id: text for note_id, text in typed.items() if text and text != before[note_id]}
        return new or dict(list(typed.items())[:1])

    def refuse(self, violation: RuleViolation) -> None:
        for single in violation.violations:
            if single.field:
                single.field = f"{REPLY}{UUID(single.field).hex}"
            super().refuse(single)
