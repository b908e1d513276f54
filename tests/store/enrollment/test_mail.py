"""Every mail of an enrollment: written in both languages, and complete with the values that the store gives it."""

from __future__ import annotations

import ast
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from activities.core.mail_rendering import Envelope, Sender, render
from models.domain.core.actors import ANONYMOUS, person
from models.domain.enrollment.kinds import Outcome
from models.reference import load
from models.store.core.act import Act
from models.store.core.mail.messages import open_secrets
from models.store.enrollment.decisions import withdraw_enrollment
from models.store.enrollment.start import begin_enrollment
from models.tables.core.messages import Message
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.store.enrollment.test_chase import fire_next

STORE = Path(__file__).parents[3] / "models" / "store"
SENDER = Sender("cvms@example.org", "https://vaccine.example.org")


def templates_in_the_store() -> set[str]:
    """The names of templates that the enrollment's part of the store mentions."""
    names = set()
    for path in (STORE / "enrollment").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                names.add(node.value)
    return {name for name in names if (STORE.parent / "reference" / "messages" / f"{name}.yaml").is_file()}


def withdraw(story: EnrollmentStory) -> None:
    story.act(lambda session, key: withdraw_enrollment(Act(session, person(story.admin), key), enrollment_id=story.id))
    story.process()


def every_mail(database: Database) -> list[Message]:
    """The mails of three enrollments in Spanish: approved after every reminder, denied, withdrawn."""
    story = EnrollmentStory(database, language="es")
    story.list_location("Empty", "nobody@blueridge.example")
    story.process()
    for _ in range(2):
        fire_next(story)
    withdraw(story)
    return story.read(lambda session: list(session.execute(select(Message)).scalars()))


def test_the_scan_finds_templates() -> None:
    assert "enrollment_approved" in templates_in_the_store()


@pytest.mark.parametrize("template", sorted(templates_in_the_store()))
def test_every_template_is_written_in_both_languages(template: str) -> None:
    words = load(f"messages/{template}")
    assert set(words) == {"sent", "en", "es"}
    assert words["en"]["subject"] != words["es"]["subject"]
    assert ("${link}" in words["en"]["body"]) is ("${link}" in words["es"]["body"])


def test_every_mail_is_complete_with_the_values_it_gets(database: Database) -> None:
    for message in every_mail(database):
        render(_envelope(message, UUID(int=1)), SENDER)


def test_every_ending_is_mailed_completely(database: Database) -> None:
    story = EnrollmentStory(database)
    story.fill_in()
    for _ in range(4):
        fire_next(story)
    story.sign_all()
    fire_next(story)
    story.submit()
    story.decide(story.reviewer(), Outcome.RECOMMENDED)
    story.decide(story.reviewer("boss@state.example"), Outcome.APPROVED)
    mails = story.read(lambda session: list(session.execute(select(Message)).scalars()))
    said = {mail.template: render(_envelope(mail, uuid4()), SENDER) for mail in mails}
    assert {"sign_reminder", "submit_reminder", "location_active", "enrollment_approved_officer"} <= set(said)
    assert all("$" not in str(mail["Subject"]) for mail in said.values())


TYPED = "YOU WON http://prize.example.net/c"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("known", [False, True])
def test_A8_nothing_a_visitor_typed_goes_into_a_mail_before_the_address_is_confirmed(
    database: Database, language: str, known: bool
) -> None:
    story = EnrollmentStory(database)
    to = "ana@blueridge.example" if known else "somebody@else.example"
    story.act(
        lambda session, key: begin_enrollment(
            Act(session, ANONYMOUS, key), organization_name=TYPED, name=TYPED, email=to, language=language
        )
    )
    mails = story.read(
        lambda session: list(
            session.scalars(select(Message).where(Message.to_address == to, Message.language == language))
        )
    )
    for mail in mails:
        source = render(_envelope(mail, uuid4()), SENDER)
        assert "prize" not in str(mail.params)
        said = str(source["Subject"]) + "".join(source.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert "YOU WON" not in said
        assert "prize" not in said
        assert "/enrollment/confirm/" in said
    assert mails


def _envelope(message: Message, message_id: UUID) -> Envelope:
    return Envelope(
        message_id,
        message.template,
        message.to_address,
        message.language,
        message.params,
        open_secrets(message),
        message.created_at,
    )
