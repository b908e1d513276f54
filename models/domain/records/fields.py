"""The fields of a record: what is asked, of which kind, within which bounds. Which ones there are, capabilities say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """How a value is written and checked; `models.domain.records.values` has the rule of each."""

    TEXT = "text"
    INITIAL = "initial"
    EMAIL = "email"
    PHONE = "phone"
    ZIP = "zip"
    LICENSE = "license"
    INTEGER = "integer"
    COUNTY = "county"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `max_length` counts characters; `low` and `high` bound an integer.

    `choices` names the list of reference data that the value is from. `owner` is set where the field belongs
    to one of several people, so that what another one signs or sees does not hold it. `personal` fields are
    hidden from those who may see a record only in part. `autocomplete` is HTML's name for what a browser may
    fill in; it is only for what is asked about the person at the keyboard or the own organization.
    `section` and `step` are filled in where the field is placed (`place`).
    """

    name: str
    kind: FieldKind
    label: str
    hint: str = ""
    required: bool = True
    max_length: int = 100
    low: int = 0
    high: int = 0
    choices: str | None = None
    owner: str | None = None
    personal: bool = False
    autocomplete: str = "off"
    section: str = ""
    step: str = ""
