"""The address of somebody who was invited is dead: whoever invited is told and asked, and nobody is reminded (A4)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from activities.core.loops.mail_sender import MailSender
from models.domain.core.actors import person
from models.domain.core.permissions import Reach
from models.domain.core.processes import ProcessEventKind
from models.domain.core.tasks import UNDELIVERABLE
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionKind, SignerRole
from models.postgres.database import transaction
from models.queries.enrollment.application import find_application
from models.queries.operations.invariants import check_invariants
from models.store.core.act import Act
from models.store.enrollment.locations import change_location
from models.store.enrollment.signatures import keep_signer, replace_signer, resend_invitation
from models.tables.core.messages import Message, MessageStatus
from models.tables.core.processes import Process, ProcessEventRow
from tests.database import Database
from tests.enrollment_story import EnrollmentStory
from tests.store.enrollment.test_chase import fire_next, sent

DEAD = "coco@dead.example"
NOTICE = "invitation_undeliverable"


@pytest.fixture
def dead(sink) -> set[str]:
    """The addresses that the mail server says are nobody's."""
    known = {DEAD}
    sink.on_rcpt = lambda address: "550 5.1.1 no such user" if address in known else "250 OK"
    return known


@pytest.fixture
def invited(database: Database, sender: MailSender, dead: set[str]) -> EnrollmentStory:
    """A location whose coordinator's address is dead, as the mail server and the process found out."""
    story = EnrollmentStory(database)
    story.list_location("Boone", DEAD)
    story.process()
    deliver(story, sender)
    return story


def deliver(story: EnrollmentStory, sender: MailSender) -> None:
    """Mails go out, and the process takes in what became of them."""
    while sender.send_due():
        pass
    story.process(2)
    while sender.send_due():
        pass


def asked(story: EnrollmentStory) -> list[tuple[object, bool]]:
    """About whom the applicant is asked, and whether because of a dead address."""
    tasks = story.tasks(TaskKind.NAME_ANOTHER_SIGNER)
    return [(task.subject_id, task.title_values.get("because") == UNDELIVERABLE) for task in tasks]


def seen(story: EnrollmentStory):
    reach = Reach(everything=True, organizations=frozenset(), locations=frozenset())
    application = story.read(lambda session: find_application(session, story.id, reach))
    assert application is not None
    return application


def correct(story: EnrollmentStory, email: str) -> None:
    section = story.section(SectionKind.B)
    story.act(
        lambda session, key: change_location(
            Act(session, person(story.admin), key),
            section_id=section.id,
            name="Boone",
            coordinator_name="Coco Lane",
            coordinator_email=email,
            language="es",
        )
    )
    story.process(2)


def test_A4_whoever_invited_has_a_task_and_a_mail_and_sees_it_beside_the_name(invited: EnrollmentStory, sink) -> None:
    section = invited.section(SectionKind.B)
    assert asked(invited) == [(section.id, True)]
    assert sent(invited, NOTICE) == 1
    mail = next(mail for mail in sink.mails if "Coco Lane" in mail["Subject"])
    assert mail["To"] == "ana@blueridge.example"
    assert DEAD not in mail.get_body(("plain",)).get_content()
    (location,) = seen(invited).locations
    assert location.undeliverable
    assert seen(invited).sections[0].undeliverable is False
    invited.process(3)
    assert (asked(invited), sent(invited, NOTICE)) == ([(section.id, True)], 1)


def test_A4_reminders_stop_until_the_address_is_corrected(invited: EnrollmentStory, sender: MailSender) -> None:
    kinds = {fire_next(invited) for _ in range(6)}
    assert kinds == {"reminder_3", "reminder_7", "reminder_14"}
    assert sent(invited, "join_reminder") == 0
    assert len(asked(invited)) == 1
    correct(invited, "coco@blueridge.example")
    assert asked(invited) == []
    assert not seen(invited).locations[0].undeliverable
    invite = select(Message.to_address).where(Message.template == "join_location").order_by(Message.created_at)
    assert invited.read(lambda session: list(session.scalars(invite))) == [DEAD, "coco@blueridge.example"]
    deliver(invited, sender)
    assert asked(invited) == []


def test_A4_another_dead_address_asks_anew(invited: EnrollmentStory, sender: MailSender, dead: set[str]) -> None:
    dead.add("coca@dead.example")
    correct(invited, "coca@dead.example")
    deliver(invited, sender)
    assert [because for _, because in asked(invited)] == [True]
    assert sent(invited, NOTICE) == 2


def test_A4_corrected_back_to_the_dead_address_is_found_out_again(invited: EnrollmentStory, sender: MailSender) -> None:
    correct(invited, "coco@blueridge.example")
    correct(invited, DEAD)
    assert asked(invited) == []
    deliver(invited, sender)
    assert len(asked(invited)) == 1


@pytest.mark.parametrize("alive", [True, False])
def test_A4_a_link_that_is_sent_again_ends_the_task_until_it_fails_too(
    invited: EnrollmentStory, sender: MailSender, dead: set[str], alive: bool
) -> None:
    if alive:
        dead.clear()
    invited.database.shift_clock("1 hour")
    section = invited.section(SectionKind.B)
    invited.act(lambda session, key: resend_invitation(Act(session, person(invited.admin), key), section_id=section.id))
    invited.process(2)
    assert asked(invited) == []
    deliver(invited, sender)
    assert asked(invited) == ([] if alive else [(section.id, True)])


def test_A4_waiting_for_the_same_person_mails_once_more(invited: EnrollmentStory, sender: MailSender) -> None:
    (task,) = invited.tasks(TaskKind.NAME_ANOTHER_SIGNER)
    assert sent(invited, NOTICE) == 1
    invited.act(lambda session, key: keep_signer(Act(session, person(invited.admin), key), task_id=task.id))
    invited.process(2)
    assert (asked(invited), sent(invited, "join_location")) == ([], 2)
    deliver(invited, sender)
    assert (len(asked(invited)), sent(invited, NOTICE)) == (1, 2)


@pytest.mark.parametrize("role", [SignerRole.CMO, SignerRole.CEO])
def test_A4_the_same_for_each_signer(database: Database, sender: MailSender, dead: set[str], role: SignerRole) -> None:
    story = EnrollmentStory(database)
    dead.add(f"{role}@blueridge.example")
    story.fill_in()
    deliver(story, sender)
    unreached = next(one for one in story.signatures() if one.role == role)
    assert asked(story) == [(unreached.id, True)]
    shown = {one.role: one.undeliverable for section in seen(story).sections for one in section.signatures}
    assert [known for known, unseen in shown.items() if unseen] == [role]
    for _ in range(9):
        fire_next(story)
    to_dead = select(Message.template).where(Message.to_address == unreached.email)
    assert story.read(lambda session: list(session.scalars(to_dead))) == ["sign_section"]
    assert sent(story, "sign_reminder") == 6
    story.act(
        lambda session, key: replace_signer(
            Act(session, person(story.admin), key),
            signature_id=unreached.id,
            answers={f"{role}_email": "right@blueridge.example"},
        )
    )
    story.process(2)
    deliver(story, sender)
    assert unreached.id not in {subject for subject, _ in asked(story)}
    assert all(not because for _, because in asked(story))


def test_A4_one_person_in_two_offices_is_one_task_each_and_no_task_changes(
    database: Database, sender: MailSender, dead: set[str]
) -> None:
    story = EnrollmentStory(database)
    dead.add("both@blueridge.example")
    story.fill_in()
    story.save(story.section().id, {"cmo_email": "both@blueridge.example", "ceo_email": "both@blueridge.example"})
    story.complete(story.section().id)
    story.process(2)
    for _ in range(2):
        deliver(story, sender)
    assert [because for _, because in asked(story)] == [True, True]
    assert sent(story, NOTICE) == 2


def test_A4_the_process_is_told_in_the_transaction_that_gives_the_mail_up(invited: EnrollmentStory) -> None:
    message = select(Message.id).where(Message.status == MessageStatus.UNDELIVERABLE)
    message_id = invited.read(lambda session: session.scalars(message).one())
    news = select(ProcessEventRow.kind).where(ProcessEventRow.cause_key.like(f"message/{message_id}/%"))
    assert invited.read(lambda session: session.scalars(news).all()) == [ProcessEventKind.MAIL_UNDELIVERABLE]


def test_A4_a_mail_about_what_has_ended_tells_nobody(database: Database, sender: MailSender, dead: set[str]) -> None:
    story = EnrollmentStory(database)
    story.list_location("Boone", DEAD)
    story.process()
    with transaction(database.owner_engine) as session:
        session.execute(update(Process).values(open=False))
    while sender.send_due():
        pass
    statement = select(Message.status).where(Message.to_address == DEAD)
    assert story.read(lambda session: session.scalars(statement).one()) == MessageStatus.UNDELIVERABLE


def test_A4_invariants_hold(invited: EnrollmentStory) -> None:
    with transaction(invited.database.owner_engine) as session:
        broken = [one for one in check_invariants(session) if one.violations and one.id not in {"I14", "I16"}]
    assert broken == []
