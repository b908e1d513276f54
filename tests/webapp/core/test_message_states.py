"""Every state of a message has its words in the one table, and a page with any of them is drawn (U5)."""

from __future__ import annotations

import pytest
from markupsafe import escape
from sqlalchemy import text

from models.domain.core.mail.messages import MessageStatus
from models.domain.core.permissions import Role
from tests.enrollment_story import EnrollmentStory
from tests.webapp.accounts import make_account, sign_in
from webapp.core.text.message_states import MESSAGE_STATES, state_in_words, state_tag


def test_U5_every_state_of_a_message_has_its_words(app) -> None:
    assert set(MESSAGE_STATES) == set(MessageStatus)
    with app.test_request_context():
        assert state_in_words("sent") == "sent"
        assert (state_in_words("bounced"), state_tag("bounced")) == ("bounced", "bounced")


@pytest.mark.parametrize("status", list(MessageStatus))
def test_U5_the_record_page_draws_every_state(client, database, status: str) -> None:
    story = EnrollmentStory(database)
    story.list_location()
    story.process()
    with database.owner_engine.begin() as connection:
        connection.execute(text("UPDATE messages SET status = :status"), {"status": status})
    make_account(database.app_engine, "maria@state.example", role=Role.REV, team="enrollment", name="Maria")
    sign_in(client, "maria@state.example")
    answer = client.get(f"/staff/enrollment/{story.id}")
    with client.application.test_request_context():
        assert escape(state_in_words(status)) in answer.get_data(as_text=True)
    assert answer.status_code == 200
