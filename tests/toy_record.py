"""A small record that no capability has: what the tests of records are made with."""

from __future__ import annotations

from enum import StrEnum

from models.domain.records.addresses import ADDRESS, address_fits
from models.domain.records.fields import Field, FieldKind
from models.domain.records.sections import Step, section


class Part(StrEnum):
    PERSON = "person"


class Page(StrEnum):
    NAME = "name"
    HOME = "home"


PERSON = section(
    Part.PERSON,
    Step(
        Page.NAME,
        "Who you are",
        (
            Field("name", FieldKind.TEXT, "Name"),
            Field("phone", FieldKind.PHONE, "Phone", required=False, personal=True),
        ),
    ),
    Step(Page.HOME, "Where you live", ADDRESS),
    rules=(address_fits(),),
)
HOME = {"street": "1 Main St", "city": "Raleigh", "county": "Wake", "state": "NC", "zip": "27601"}
