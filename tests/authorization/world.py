"""Two organizations, one with two locations: what there is to reach for, with what an oracle must know of it."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role
from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import SectionKind
from models.postgres.database import transaction
from models.queries.enrollment.process import process_of
from models.store.core.act import Act
from models.store.core.tasks import open_task
from models.tables.core.kinds import KnownTeam
from models.tables.core.messages import Message
from models.tables.core.processes import Process
from models.tables.core.tasks import Task
from models.tables.enrollment.lifecycle import Enrollment, Section, Signature
from models.tables.identity.accounts import Account
from tests.authorization.people import ROLES, Who, make_person
from tests.database import Database
from tests.enrollment_story import SECTION_A, SECTION_B, EnrollmentStory

ABSENT = "absent"
MALFORMED = "malformed"


@dataclass(frozen=True)
class Thing:
    """Something that an address can name. `asks` is the role that a task waits for."""

    noun: str
    id: UUID | str
    org: UUID | None = None
    locations: frozenset[UUID] = frozenset()
    team: str | None = None
    kind: str = ""
    asks: Role | None = None


@dataclass
class World:
    """The people by the name of their role, and the things by their noun."""

    database: Database
    own: EnrollmentStory
    other: EnrollmentStory
    people: dict[str, Who] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    locations: tuple[UUID, ...] = ()
    org: UUID | None = None

    def in_database(self, database: Database) -> World:
        """The same world in a copy of its database."""
        stories = [copy(story) for story in (self.own, self.other)]
        for story in stories:
            story.database = database
        return replace(self, database=database, own=stories[0], other=stories[1], people=dict(self.people))

    def reachable(self, noun: str) -> list[Thing]:
        """Every thing of a noun; then one that never was, and one that is no id at all."""
        return [*self.things[noun], Thing(noun, uuid4(), kind=ABSENT), Thing(noun, "not-an-id", kind=MALFORMED)]


def build(database: Database) -> World:
    """The own organization's enrollment is in review; the other's waits for its signatures."""
    own, other = EnrollmentStory(database), EnrollmentStory(database, email="ben@piedmont.example")
    fill(own, "coco@blueridge.example", "cleo@blueridge.example")
    fill(other, "cara@piedmont.example")
    own.sign_all()
    own.submit()
    world = World(database, own, other)
    world.org = _enrollment(own).org_id
    world.locations = tuple(section.location_id for section in _sections(own) if section.location_id)
    for story in (own, other):
        _ask(story)
    world.things = find_things(database)
    for name in ROLES:
        world.people[name] = make_person(database, name, org=world.org, location=world.locations[0])
    return world


def fill(story: EnrollmentStory, *coordinators: str) -> None:
    """One location for each coordinator, and every section complete."""
    sections = [story.list_location(f"Site of {email}", email) for email in coordinators]
    story.process()
    for section, email in zip(sections, coordinators, strict=True):
        account = story.join(section, email)
        story.save(section, SECTION_B, account)
        story.complete(section, account)
    story.save(story.section().id, {**SECTION_A, "location_count": str(len(sections))})
    story.complete(story.section().id)
    story.process()


def _enrollment(story: EnrollmentStory) -> Enrollment:
    return story.read(lambda session: session.get_one(Enrollment, story.id))


def _sections(story: EnrollmentStory) -> list[Section]:
    statement = select(Section).where(Section.enrollment_id == story.id).order_by(Section.created_at, Section.id)
    return story.read(lambda session: list(session.scalars(statement)))


def _ask(story: EnrollmentStory) -> None:
    """Tasks of the kinds that the way so far has not opened, one of them another team's."""
    asked = [(TaskKind.NAME_ANOTHER_SIGNER, story.signatures()[0].id, None, None)]
    for section in _sections(story):
        role = Role.COO if section.kind == SectionKind.B else Role.ORG
        asked.append((TaskKind.COMPLETE_SECTION, section.id, section.location_id, role))
    late = next(iter(story.tasks(TaskKind.REVIEW_ENROLLMENT)), None)
    if late is not None:
        asked.append((TaskKind.RESOLVE_OVERDUE_TASK, late.id, None, None))
    asked.append((TaskKind.APPROVE_ENROLLMENT, story.id, None, None))
    for kind, subject, location, role in asked:
        open_one(story, kind, subject, location, role)
    elsewhere = open_one(story, TaskKind.REVIEW_ENROLLMENT, uuid4(), None, Role.AGT)
    with transaction(story.database.owner_engine) as session:
        session.execute(insert(KnownTeam).values(name="help desk").on_conflict_do_nothing())
        session.execute(update(Task).where(Task.id == elsewhere).values(team="help desk"))


def open_one(story: EnrollmentStory, kind: TaskKind, subject: UUID, location: UUID | None, role: Role | None) -> UUID:
    with transaction(story.database.app_engine) as session:
        return open_task(
            Act(session, SYSTEM),
            process_id=process_of(session, story.id),
            kind=kind,
            subject_id=subject,
            org_id=session.get_one(Enrollment, story.id).org_id,
            opening_key=uuid4().hex,
            location_id=location,
            candidate_role=role,
            title_values={"organization": "Blue Ridge", "locations": "1", "reference": "ENR-TEST"},
        ).id


def find_things(database: Database) -> dict[str, list[Thing]]:
    """Everything that the facts hold, by the name that addresses call it."""
    with transaction(database.owner_engine) as session:
        sections = list(session.scalars(select(Section).order_by(Section.created_at, Section.id)))
        places: dict[UUID, set[UUID]] = {}
        for section in sections:
            places.setdefault(section.enrollment_id, set()).update(filter(None, [section.location_id]))
        enrollments = session.scalars(select(Enrollment).order_by(Enrollment.created_at))
        tasks = session.scalars(select(Task).order_by(Task.opened_at, Task.id))
        return {
            "enrollment_id": [
                Thing("enrollment", row.id, row.org_id, frozenset(places[row.id]), "enrollment", row.state)
                for row in enrollments
            ],
            "section_id": [
                Thing("section", row.id, row.org_id, frozenset(filter(None, [row.location_id])), kind=row.kind)
                for row in sections
            ],
            "signature_id": [
                Thing("signature", row.id, row.org_id, kind=row.role) for row in session.scalars(select(Signature))
            ],
            "task_id": [_task(row) for row in tasks],
            "process_id": [Thing("process", session.scalars(select(Process.id)).first())],
            "account_id": [Thing("account", session.scalars(select(Account.id).order_by(Account.created_at)).first())],
            "message_id": [Thing("message", session.scalars(select(Message.id)).first())],
        }


def _task(row: Task) -> Thing:
    locations = frozenset(filter(None, [row.location_id]))
    asks = Role(row.candidate_role) if row.candidate_role else None
    return Thing("task", row.id, row.org_id, locations, row.team, row.kind, asks)


def step_of(thing: Thing) -> str:
    """A page that the section has."""
    kind = SectionKind(thing.kind) if thing.kind in set(SectionKind) else SectionKind.A
    return steps_of(kind)[0].name.value
