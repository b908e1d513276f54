"""The check page of a section: every answer with the way to change it, and every gap as a link to its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext
from wtforms import HiddenField

from models.domain.core.violations import RuleViolation
from models.domain.records.fields import Field
from models.domain.records.sections import Section
from webapp.core.forms.form import Form
from webapp.core.text.refusals import say
from webapp.records.forms import is_version
from webapp.records.summary import Address


class CheckForm(Form):
    """The button that completes a section, for the version that was seen."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        return self.since_own_act(int(self.version.data or 0) if is_version(self.version.data) else 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or does not fit, and the page where it is put right."""

    message: str
    href: str


def gaps(section: Section, found: Iterable[RuleViolation], address: Address, elsewhere: str) -> list[Gap]:
    """What keeps a section from being complete, as links; `elsewhere` is where a gap leads that is no field's."""
    return [_gap(section, violation, address, elsewhere) for violation in found]


def _gap(section: Section, violation: RuleViolation, address: Address, elsewhere: str) -> Gap:
    """The message names the page, since two pages may ask for the same."""
    field: Field | None = section.field(violation.field or "")
    step = section.step_of(field.name) if field else None
    message = f"{gettext(step.title)} – {say(violation)}" if step else say(violation)
    return Gap(message, address(field) if field else elsewhere)
