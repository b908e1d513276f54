"""The base of every form on a task, which says in words who was faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from models.domain.core.tasks import TaskStatus
from models.domain.core.violations import RuleViolation
from models.store.core.clock import db_now
from webapp.core.forms.form import Form
from webapp.extensions import db
from webapp.tasks.labels import outcome_words, since


class TaskForm(Form):
    """A form on one task as it was shown: `version` is that of the task."""

    version = IntegerField(widget=HiddenInput())

    def refuse(self, violation: RuleViolation) -> None:
        for single in violation.violations:
            words = who_was_faster(single)
            if words is None:
                super().refuse(single)
            else:
                self.form_errors.append(words)


def who_was_faster(violation: RuleViolation) -> str | None:
    """For a race that was lost: who has or decided the task, and since when."""
    values: Mapping[str, Any] = violation.values
    now = db_now(db.session())
    if violation.code == "task_held" and values["since"] is not None:
        return _("%(name)s took this %(ago)s.", name=values["name"], ago=since(values["since"], now))
    if violation.code != "task_over":
        return None
    if values["status"] == TaskStatus.WITHDRAWN or values["at"] is None:
        return _("This task isn't needed anymore.")
    what, ago = outcome_words(str(values["outcome"])), since(values["at"], now)
    return _("%(name)s decided this %(ago)s: %(outcome)s.", name=values["name"] or "?", ago=ago, outcome=what)
