"""The applications of the demo: one in every state of an enrollment, and every kind of task."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.actors import person
from models.domain.enrollment.kinds import Outcome, TaskKind
from models.domain.records.notes import FieldNote
from models.store.core.act import Act
from models.store.core.tasks import claim_task
from models.store.enrollment.decisions import withdraw_enrollment
from models.store.operations.demo import number_enrollment, number_locations
from webapp.cli.demo.answers import section_a, section_b
from webapp.cli.demo.story import DemoStory

Staff = Mapping[str, UUID]
Scene = Callable[[Session, datetime, Staff], None]
FIRST_PIN = 650001


def _person(slug: str, name: str) -> tuple[str, str]:
    """The address and the name of somebody at an organization."""
    first = unicodedata.normalize("NFD", name.split(maxsplit=1)[0].lower()).encode("ascii", "ignore").decode()
    return f"{first}@{slug}.example.org", name


def _ready(story: DemoStory, places: Mapping[str, str], *, begun: float, reference: str) -> dict[str, UUID]:
    """Everything is filled in and asked to be signed; returns the sections by their location, A under an empty name."""
    story.on(begun).confirm()
    number_enrollment(story.session, enrollment_id=story.enrollment_id, reference=reference)
    sections = {"": story.section_a()}
    people = {place: _person(story.slug, name) for place, name in places.items()}
    for place, coordinator in people.items():
        sections[place] = story.list_location(place, coordinator)
    story.on(begun - 1).fill(sections[""], section_a(story.organization, story.admin[0], len(places)), story.admin_id)
    for place, coordinator in people.items():
        account_id = story.join(sections[place], coordinator)
        story.fill(sections[place], section_b(place, coordinator), account_id)
    return sections


def _submitted(story: DemoStory, places: Mapping[str, str], *, days_ago: float, reference: str) -> dict[str, UUID]:
    sections = _ready(story, places, begun=days_ago + 4, reference=reference)
    story.on(days_ago + 1).sign().on(days_ago).submit()
    return sections


def unconfirmed(session: Session, today: datetime, _staff: Staff) -> None:
    story = DemoStory(session, today, "lakeside", "Lakeside Wellness Center", _person("lakeside", "Ivy Norwood"))
    story.on(0.1).begin()


def draft(session: Session, today: datetime, _staff: Staff) -> None:
    """Section A is half filled in, in Spanish; one coordinator is invited."""
    story = DemoStory(
        session, today, "saludcatawba", "Clínica Salud Catawba", _person("saludcatawba", "Lucía Ortega"), language="es"
    )
    story.on(3).confirm()
    number_enrollment(session, enrollment_id=story.enrollment_id, reference="ENR-DRAFT2")
    answers = section_a(story.organization, story.admin[0], 1, "Hickory", "Catawba")
    half = {name: value for name, value in answers.items() if not name.startswith(("cmo_", "ceo_"))}
    story.fill(story.section_a(), half, story.admin_id, complete=False)
    story.on(2).list_location("Clínica Hickory", _person("saludcatawba", "Mateo Rivas"), "es")


def waiting_for_signatures(session: Session, today: datetime, _staff: Staff) -> None:
    """One of three signatures is there; a second coordinator still fills in."""
    story = DemoStory(session, today, "capefear", "Cape Fear Pharmacy Group", _person("capefear", "Nora Blount"))
    story.on(6).confirm()
    number_enrollment(session, enrollment_id=story.enrollment_id, reference="ENR-S7GN3X")
    front, castle = _person("capefear", "Otis Freeman"), _person("capefear", "Pearl Hewett")
    first = story.list_location("Front Street Pharmacy", front)
    second = story.list_location("Castle Hayne Pharmacy", castle)
    story.on(5).fill(
        story.section_a(), section_a(story.organization, story.admin[0], 2, "Wilmington", "New Hanover"), story.admin_id
    )
    story.fill(first, section_b("Front Street Pharmacy", front, provider_type="18"), story.join(first, front))
    story.sign(first)
    story.on(1).join(second, castle)
    story.on(0)


def signer_does_not_answer(session: Session, today: datetime, _staff: Staff) -> None:
    """Two weeks of reminders are over: the administrator is asked to name another signer."""
    story = DemoStory(session, today, "piedmont", "Piedmont Pediatrics", _person("piedmont", "Grace Odom"))
    sections = _ready(story, {"Greensboro Office": "Dean Faison"}, begun=18, reference="ENR-N3MES4")
    story.sign(sections["Greensboro Office"]).on(0)


def ready_to_submit(session: Session, today: datetime, _staff: Staff) -> None:
    story = DemoStory(session, today, "newriver", "New River Urgent Care", _person("newriver", "Hal Strickland"))
    _ready(story, {"Jacksonville Clinic": "Kay Batts"}, begun=5, reference="ENR-R3ADY5")
    story.on(0.5).sign()


def in_review(session: Session, today: datetime, staff: Staff) -> None:
    """A fresh one, one that is claimed, one that is due soon, one that is overdue and with the supervisor."""
    fresh = DemoStory(session, today, "blueridge", "Blue Ridge Family Practice", _person("blueridge", "Ana Calloway"))
    places = {"Asheville Office": "Carl Penland", "Brevard Office": "Dora Galloway", "Marion Office": "Earl Buckner"}
    _submitted(fresh, places, days_ago=1, reference="ENR-BR1DGE")
    fresh.on(0)
    held = DemoStory(session, today, "sandhills", "Sandhills Internal Medicine", _person("sandhills", "Ben McNeill"))
    _submitted(held, {"Pinehurst Office": "Fay Monroe"}, days_ago=4, reference="ENR-SANDH8")
    held.on(0.1)
    task = held.task(TaskKind.REVIEW_ENROLLMENT)
    claim_task(Act(session, person(staff["rosa"]), "demo/sandhills/claim"), task_id=task.task_id, version=task.version)
    soon = DemoStory(session, today, "roanoke", "Roanoke Valley Health Center", _person("roanoke", "Cleo Boone"))
    _submitted(soon, {"Weldon Clinic": "Gus Mosley"}, days_ago=12, reference="ENR-R0AN0K")
    soon.on(0)
    late = DemoStory(session, today, "outerbanks", "Outer Banks Urgent Care", _person("outerbanks", "Dell Midgett"))
    _submitted(late, {"Nags Head Clinic": "Hope Etheridge"}, days_ago=22, reference="ENR-0VERDU")
    late.on(0)


def in_approval(session: Session, today: datetime, staff: Staff) -> None:
    story = DemoStory(session, today, "haywood", "Haywood Community Hospital", _person("haywood", "Eva Messer"))
    _submitted(story, {"Clyde Campus": "Ira Leatherwood"}, days_ago=7, reference="ENR-APPR2V")
    story.on(2).review(staff["rosa"], Outcome.RECOMMENDED).on(0)


def returned(session: Session, today: datetime, staff: Staff) -> None:
    story = DemoStory(session, today, "tarriver", "Tar River Clinic", _person("tarriver", "Fred Battle"))
    sections = _submitted(story, {"Rocky Mount Clinic": "Jean Whitley"}, days_ago=6, reference="ENR-R3TURN")
    notes = (
        FieldNote(sections[""], "cmo_license_number", "The board has no license with this number. Please check it."),
        FieldNote(sections["Rocky Mount Clinic"], "refrigerated_vials", "More than the unit you describe can hold."),
    )
    story.on(2).review(staff["rosa"], Outcome.RETURNED, notes=notes).on(0)


def resubmitted(session: Session, today: datetime, staff: Staff) -> None:
    story = DemoStory(session, today, "uwharrie", "Uwharrie Health Partners", _person("uwharrie", "Gail Thayer"))
    sections = _submitted(story, {"Troy Office": "Kirk Haithcock"}, days_ago=9, reference="ENR-AGA1N2")
    note = FieldNote(sections[""], "legal_name", "Please give the name as it is registered with the state.")
    story.on(6).review(staff["ray"], Outcome.RETURNED, notes=(note,))
    story.on(4).fill(sections[""], {"legal_name": "Uwharrie Health Partners, PLLC"}, story.admin_id)
    story.on(3).sign().submit().on(0)


def approved(session: Session, today: datetime, staff: Staff) -> None:
    story = DemoStory(session, today, "triangle", "Triangle Community Health", _person("triangle", "Hugo Barbee"))
    places = {"Carrboro Clinic": "Lena Cheek", "Durham Clinic": "Miles Parrish"}
    _submitted(story, places, days_ago=20, reference="ENR-ACT1VE")
    story.on(15).review(staff["rosa"], Outcome.RECOMMENDED).on(12).approve(staff["ray"])
    number_locations(session, enrollment_id=story.enrollment_id, first=FIRST_PIN)


def denied(session: Session, today: datetime, staff: Staff) -> None:
    story = DemoStory(session, today, "quickshot", "Quick Shot Wellness Spa", _person("quickshot", "Ira Stokes"))
    _submitted(story, {"Main Spa": "Nell Pate"}, days_ago=10, reference="ENR-DEN1ED")
    story.on(8).review(staff["ray"], Outcome.DENIED, reason="The organization holds no license to give vaccine.")


def withdrawn(session: Session, today: datetime, _staff: Staff) -> None:
    story = DemoStory(session, today, "harbor", "Harbor Occupational Health", _person("harbor", "June Salter"))
    _ready(story, {"Beaufort Office": "Olin Guthrie"}, begun=11, reference="ENR-W1THDR")
    withdraw_enrollment(
        Act(story.on(7).session, person(story.admin_id), "demo/harbor/withdraw"),
        enrollment_id=story.enrollment_id,
        reason="We join the program with our parent hospital.",
    )
    story.let_process_work()


SCENES: tuple[Scene, ...] = (
    unconfirmed,
    draft,
    waiting_for_signatures,
    signer_does_not_answer,
    ready_to_submit,
    in_review,
    in_approval,
    returned,
    resubmitted,
    approved,
    denied,
    withdrawn,
)
