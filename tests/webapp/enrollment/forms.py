"""Every form of the enrollment's own people: where it stands, at which stage, and what fills it in rightly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from models.domain.core.actors import ANONYMOUS
from models.domain.enrollment.lifecycle import SectionKind
from models.store.core.act import Act
from models.store.enrollment.start import begin_enrollment
from tests.database import Database
from tests.enrollment_story import SECTION_A, EnrollmentStory
from tests.webapp.accounts import PASSWORD
from tests.webapp.applicants import (
    ADMIN,
    ANSWERS_B,
    COORDINATOR,
    LOCATION,
    START,
    STEPS,
    link_for,
    story_of,
)

Place = Callable[[EnrollmentStory], str]


@dataclass(frozen=True)
class FormCase:
    """A form: `who` opens it (None: nobody signed in), `page` where another page than `place` shows it."""

    name: str
    stage: Callable[[Database], EnrollmentStory]
    place: Place
    values: dict[str, object] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    who: str | None = ADMIN
    page: Place | None = None


def draft(database: Database) -> EnrollmentStory:
    story = story_of(database)
    story.list_location()
    story.process()
    return story


def joined(database: Database) -> EnrollmentStory:
    story = draft(database)
    story.coordinator = story.join(b(story))
    return story


def filled(database: Database) -> EnrollmentStory:
    story = joined(database)
    story.save(a(story), SECTION_A)
    return story


def awaiting(database: Database) -> EnrollmentStory:
    story = filled(database)
    story.save(b(story), ANSWERS_B, story.coordinator)
    story.complete(b(story), story.coordinator)
    story.complete(a(story))
    story.process()
    return story


def signed(database: Database) -> EnrollmentStory:
    story = awaiting(database)
    story.sign_all()
    return story


def in_review(database: Database) -> EnrollmentStory:
    story = signed(database)
    story.submit()
    return story


def wished(database: Database) -> EnrollmentStory:
    """Somebody's wish to enroll is not confirmed yet; beside it stands an enrollment of somebody else."""
    story = story_of(database)
    story.act(
        lambda session, key: begin_enrollment(
            Act(session, ANONYMOUS, key),
            organization_name="Other",
            name="Dee Fox",
            email="dee@other.example",
            language="en",
        )
    )
    return story


def a(story: EnrollmentStory) -> object:
    return story.section().id


def b(story: EnrollmentStory) -> object:
    return story.section(SectionKind.B).id


def signature(story: EnrollmentStory, role: str) -> object:
    return next(one.id for one in story.signatures() if one.role == role)


def _step(kind: str, step: str, answers: dict[str, object], required: tuple[str, ...]) -> FormCase:
    section = a if kind == "A" else b
    choices = {"state", "cmo_state", "ceo_state", "cmo_license_state", "provider_type", "cmo_language"}
    values = {name: answers[name] for name in STEPS[kind][step] if name in answers}
    return FormCase(
        f"{kind}-{step}",
        joined,
        lambda story: f"/enrollment/sections/{section(story)}/{step}",
        {**values, "then": "continue"},
        required,
        tuple(name for name in values if name not in choices),
    )


FORMS = (
    FormCase("begin", story_of, lambda _: "/enrollment/begin/details", START, tuple(START), tuple(START), who=None),
    FormCase(
        "confirm",
        wished,
        lambda story: link_for(story.database, "dee@other.example", "confirm_enrollment"),
        {"password": PASSWORD},
        ("password",),
        ("password",),
        who=None,
    ),
    FormCase(
        "join",
        draft,
        lambda story: link_for(story.database, COORDINATOR, "join_location"),
        {"password": PASSWORD},
        ("password",),
        ("password",),
        who=None,
    ),
    _step("A", "organization", SECTION_A, ("legal_name", "location_count", "phone", "email")),
    _step("A", "address", SECTION_A, ("street", "city", "county", "state", "zip")),
    _step("A", "cmo", SECTION_A, ("cmo_last_name", "cmo_license_number", "cmo_state")),
    _step("A", "ceo", SECTION_A, ("ceo_last_name", "ceo_phone", "ceo_zip")),
    _step("B", "location", ANSWERS_B, ("location_name", "provider_type")),
    _step("B", "coordinator", ANSWERS_B, ("coordinator_last_name", "coordinator_email")),
    _step("B", "backup", ANSWERS_B, ("backup_last_name", "backup_phone")),
    _step("B", "capacity", ANSWERS_B, ("refrigerated_vials", "frozen_vials")),
    FormCase(
        "complete",
        filled,
        lambda story: f"/enrollment/sections/{a(story)}/complete",
        page=lambda story: f"/enrollment/sections/{a(story)}/check",
    ),
    FormCase(
        "reopen",
        awaiting,
        lambda story: f"/enrollment/sections/{a(story)}/reopen",
        page=lambda story: f"/enrollment/sections/{a(story)}/check",
    ),
    FormCase(
        "add location",
        story_of,
        lambda story: f"/enrollment/{story.id}/locations/add",
        LOCATION,
        ("name", "coordinator_name", "coordinator_email"),
        ("name", "coordinator_name", "coordinator_email"),
    ),
    FormCase(
        "change location",
        draft,
        lambda story: f"/enrollment/locations/{b(story)}",
        {**LOCATION, "name": "Boone North"},
        ("name", "coordinator_name", "coordinator_email"),
        ("name", "coordinator_name", "coordinator_email"),
    ),
    FormCase("remove location", draft, lambda story: f"/enrollment/locations/{b(story)}/remove"),
    FormCase(
        "sign",
        awaiting,
        lambda story: link_for(story.database, "ceo@blueridge.example", "sign_section"),
        {"typed_name": "Erik Olsen", "confirmed": "y"},
        ("typed_name", "confirmed"),
        ("typed_name",),
        who=None,
    ),
    FormCase(
        "name signer",
        awaiting,
        lambda story: f"/enrollment/signers/{signature(story, 'ceo')}",
        {name: SECTION_A[name] for name in STEPS["A"]["ceo"]} | {"ceo_first_name": "Eva"},
        ("ceo_last_name", "ceo_email"),
        ("ceo_first_name", "ceo_city"),
    ),
    FormCase("submit", signed, lambda story: f"/enrollment/{story.id}/submit", {"declared": "y"}, ("declared",)),
    FormCase(
        "withdraw",
        draft,
        lambda story: f"/enrollment/{story.id}/withdraw",
        {"reason": "We closed.", "confirmed": "y"},
        ("reason", "confirmed"),
        ("reason",),
    ),
)
