"""Around every mail: whose it is, why it came, where to call, and its number; a demo's mail says that it is one."""

from __future__ import annotations

import dataclasses
from html import unescape

import pytest

from activities.core import mail_rendering
from activities.core.mail_rendering import render
from models.domain.core.identifiers import message_number
from models.queries.core.agency import reviewed_agency
from tests.activities.core.test_mail_rendering import ID, SENDER, TEMPLATES, WRITTEN, body, envelope

LIVE = dataclasses.replace(SENDER, production=True)
BECAUSE = {"en": "You got this email because ", "es": "Usted recibió este correo porque "}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mail_says_why_it_came_in_both_parts(template, language):
    why = mail_rendering._template(template)[language]["why"]
    assert why.startswith(BECAUSE[language])
    mail = render(envelope(template, language), SENDER)
    assert all(why in unescape(body(mail, kind)) for kind in ("plain", "html"))


def test_a_mail_of_a_demo_names_no_real_line_and_says_so():
    text = body(render(envelope(), SENDER, reviewed_agency(WRITTEN)), "plain")
    assert "(919) 555-0142" in text
    assert "(877)" not in text
    assert "comes from a demo" in text


def test_a_mail_in_production_names_the_agency_its_line_and_its_number():
    mail = render(envelope(), LIVE, reviewed_agency(WRITTEN))
    for kind in ("plain", "html"):
        text = body(mail, kind)
        assert "North Carolina Department of Health and Human Services" in text
        assert "(877) 873-6247, option 1" in text
        assert f"Message number {message_number(ID)}" in text
        assert "demo" not in text
    assert str(mail["From"]).startswith("COVID-19 Vaccine Management System <")
