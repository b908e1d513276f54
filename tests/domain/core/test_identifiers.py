"""The number at the end of a mail: short, read aloud, and found again."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from models.domain.core.identifiers import message_number, messages_numbered


@pytest.mark.parametrize("message_id", [UUID(int=0), UUID(int=(1 << 128) - 1), *(uuid4() for _ in range(200))])
def test_the_number_of_a_message_leads_back_to_it(message_id):
    number = message_number(message_id)
    first, last = messages_numbered(f" {number.lower()} ")
    assert first <= message_id <= last
    assert {message_number(first), message_number(last)} == {number}


@pytest.mark.parametrize("typed", ["", "4F7K-2", "4F7K-2QQ", "4F7K-2O", "4F7K-2É", "%%%%%%"])
def test_what_is_no_number_finds_nothing(typed):
    assert messages_numbered(typed) is None
