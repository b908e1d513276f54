"""One person in two offices is asked once, signs on one page, and is reminded once (U2)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from models.domain.core.actors import link_holder, person
from models.domain.core.violations import RuleViolation
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionState, SignerRole
from models.store.core.act import Act
from models.store.enrollment.signatures import keep_signer, replace_signer, resend_signature_link, sign_together
from models.tables.core.links import Link
from models.tables.core.messages import Message
from models.tables.enrollment.lifecycle import Signature
from tests.database import Database
from tests.enrollment_story import SECTION_A, EnrollmentStory
from tests.store.enrollment.test_chase import fire_next, sent

BOTH = "carla@blueridge.example"
ONE_PERSON = {
    **SECTION_A,
    **{f"{office}_{name}": value for office in ("cmo", "ceo") for name, value in {
        "first_name": "Carla", "last_name": "Núñez", "email": BOTH, "language": "en"}.items()},
}  # fmt: skip


@pytest.fixture
def asked(database: Database) -> EnrollmentStory:
    """Section A waits for one person who holds both offices."""
    return ask(database, ONE_PERSON)


def ask(database: Database, answers: dict[str, object]) -> EnrollmentStory:
    story = EnrollmentStory(database)
    story.list_location()
    story.save(story.section().id, answers)
    story.complete(story.section().id)
    story.process(2)
    return story


def mails(story: EnrollmentStory, template: str) -> list[Message]:
    statement = select(Message).where(Message.template == template).order_by(Message.created_at)
    return story.read(lambda session: list(session.scalars(statement)))


def pair(story: EnrollmentStory) -> dict[str, Signature]:
    return {one.role: one for one in story.signatures()}


def test_U2_one_person_gets_one_mail_that_names_both_offices(asked: EnrollmentStory) -> None:
    [mail] = mails(asked, "sign_section")
    assert (mail.to_address, mail.params["roles"]) == (BOTH, "chief medical officer and chief executive officer")
    assert len(asked.tasks(TaskKind.SIGN_SECTION)) == 1


def test_U2_each_reminder_is_one_mail_for_both_offices(asked: EnrollmentStory) -> None:
    while sent(asked, "sign_reminder") < 3:
        fire_next(asked)
    assert [mail.params["roles"].count(" and ") for mail in mails(asked, "sign_reminder")] == [1, 1, 1]
    [task] = [one for one in asked.tasks(TaskKind.NAME_ANOTHER_SIGNER) if one.title_values["section"] == "A"]
    asked.act(lambda session, key: keep_signer(Act(session, person(asked.admin), key), task_id=task.id))
    asked.process(2)
    assert len(mails(asked, "sign_section")) == 2


def test_U2_one_press_gives_both_signatures(asked: EnrollmentStory) -> None:
    texts = {one.id: one.text_hash for one in asked.signatures()}
    asked.act(
        lambda session, key: sign_together(
            Act(session, link_holder(uuid4()), key), texts=texts, typed_name="Carla Núñez"
        )
    )
    asked.process(2)
    assert asked.section().state == SectionState.SIGNED
    assert all(one.signed_at for one in asked.signatures())
    assert asked.tasks(TaskKind.SIGN_SECTION) == []


def test_U2_a_fresh_link_is_for_both_whichever_is_asked_for(asked: EnrollmentStory, database: Database) -> None:
    database.shift_clock("3 minutes")
    for role in (SignerRole.CEO, SignerRole.CMO):
        signature_id = pair(asked)[role].id
        if role is SignerRole.CMO:
            with pytest.raises(RuleViolation, match="just now"):
                resend(asked, signature_id)
        else:
            resend(asked, signature_id)
    assert len(mails(asked, "sign_section")) == 2
    live = select(Link.subject_id).where(Link.revoked_at.is_(None), Link.purpose == "sign_section")
    assert asked.read(lambda session: list(session.scalars(live))) == [pair(asked)[SignerRole.CMO].id]


def resend(story: EnrollmentStory, signature_id: object) -> None:
    story.act(
        lambda session, key: resend_signature_link(Act(session, person(story.admin), key), signature_id=signature_id)
    )


def test_U2_another_person_in_one_office_gets_an_own_mail(asked: EnrollmentStory) -> None:
    new = {"ceo_first_name": "Erik", "ceo_last_name": "Olsen", "ceo_email": "erik@blueridge.example"}
    ceo = pair(asked)[SignerRole.CEO].id
    asked.act(
        lambda session, key: replace_signer(Act(session, person(asked.admin), key), signature_id=ceo, answers=new)
    )
    asked.process(2)
    newest = {mail.to_address: mail.params["roles"] for mail in mails(asked, "sign_section")}
    assert newest == {BOTH: "chief medical officer", "erik@blueridge.example": "chief executive officer"}


def test_U2_two_people_who_share_a_mailbox_are_asked_one_by_one(database: Database) -> None:
    story = ask(database, {**ONE_PERSON, "ceo_first_name": "Erik", "ceo_last_name": "Olsen"})
    assert len(mails(story, "sign_section")) == 2
    texts = {one.id: one.text_hash for one in story.signatures()}
    with pytest.raises(RuleViolation, match="text has changed"):
        story.act(
            lambda session, key: sign_together(
                Act(session, link_holder(uuid4()), key), texts=texts, typed_name="Carla Núñez"
            )
        )
