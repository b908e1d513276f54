"""Somebody on the phone reads the number of a mail: the administrator sees what it was, and nobody's data."""

from __future__ import annotations

import pytest

from models.domain.core.identifiers import message_number
from models.domain.core.permissions import Role
from models.postgres.database import transaction
from tests.mail import queue_mail
from tests.webapp.accounts import make_account, sign_in
from tests.webapp.pressing import page_of


@pytest.fixture
def administrator(database, client):
    make_account(database.app_engine, "ada@state.example", role=Role.ADM, name="Ada")
    sign_in(client, "ada@state.example")
    return client


def test_a_message_is_found_by_its_number_without_its_readers_data(database, administrator):
    with transaction(database.app_engine) as session:
        number = message_number(queue_mail(session, "ana@clinic.example"))
    page = page_of(administrator, f"/staff/system?number={number.lower().replace('-', '')}")
    assert f"Message number {number}" in page
    assert "Reset your CVMS password" in page
    assert "a…@clinic.example" in page
    assert "Ana Ruiz" not in page
    assert "TOKEN-OF-THE-TEST" not in page


@pytest.mark.parametrize(
    ("typed", "said"), [("2222-22", "No message has this number"), ("<b>", "Enter the six letters and digits")]
)
def test_what_finds_nothing_says_so(administrator, typed, said):
    page = page_of(administrator, f"/staff/system?number={typed}")
    assert said in page
