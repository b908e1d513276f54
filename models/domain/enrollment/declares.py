"""What enrollment adds: its process, tasks, events, deadlines, links, mails and permissions."""

from __future__ import annotations

from collections.abc import Mapping

from models.domain.core.capability import Capability, ProcessRule
from models.domain.core.permissions import Cell, Permission, Role, row, same
from models.domain.core.processes import WaitingFor
from models.domain.core.tasks import TaskRule
from models.domain.enrollment.kinds import EntityType, EventKind, LinkPurpose, Outcome, ProcessKind, TaskKind, Team
from models.domain.enrollment.lifecycle import FINAL, LIFECYCLE, EnrollmentState

INVITATIONS = (LinkPurpose.JOIN_LOCATION, LinkPurpose.SIGN_SECTION)
"""The links by which other people are brought into an enrollment."""
CHASE_DAYS = (3, 7, 14)
"""Reminders go out on these days after a task opened (proposal; no source gives North Carolina's)."""
REVIEW_PROMISE = "enrollment_review_business_days"
"""The setting with the business days within which an applicant may expect the decision."""

TASK_RULES: Mapping[str, TaskRule] = {
    TaskKind.COMPLETE_SECTION: TaskRule(
        frozenset({Outcome.COMPLETED}), Permission.ENROLLMENT_EDIT_DRAFT, Role.ORG, reminder_days=CHASE_DAYS
    ),
    TaskKind.SIGN_SECTION: TaskRule(
        frozenset({Outcome.SIGNED}),
        Permission.ENROLLMENT_SIGN_SECTION,
        link_purpose=LinkPurpose.SIGN_SECTION,
        reminder_days=CHASE_DAYS,
    ),
    TaskKind.NAME_ANOTHER_SIGNER: TaskRule(
        frozenset({Outcome.REPLACED, Outcome.KEPT}), Permission.ENROLLMENT_EDIT_DRAFT, Role.ORG
    ),
    TaskKind.SUBMIT_ENROLLMENT: TaskRule(
        frozenset({Outcome.SUBMITTED}), Permission.ENROLLMENT_SUBMIT, Role.ORG, reminder_days=CHASE_DAYS
    ),
    TaskKind.REVIEW_ENROLLMENT: TaskRule(
        frozenset({Outcome.RECOMMENDED, Outcome.RETURNED, Outcome.DENIED}),
        Permission.REVIEW_TASK_DECIDE,
        Role.REV,
        team=Team.ENROLLMENT,
        promise=REVIEW_PROMISE,
    ),
    TaskKind.APPROVE_ENROLLMENT: TaskRule(
        frozenset({Outcome.APPROVED, Outcome.RETURNED, Outcome.DENIED}),
        Permission.ENROLLMENT_ACTIVATE,
        Role.REV,
        team=Team.ENROLLMENT,
        promise=REVIEW_PROMISE,
    ),
    TaskKind.RESOLVE_OVERDUE_TASK: TaskRule(
        frozenset({Outcome.EXTENDED, Outcome.ASSIGNED}),
        Permission.TASK_REASSIGN_OTHERS,
        Role.SUP,
        team=Team.ENROLLMENT,
    ),
}

CAPABILITY = Capability(
    name="enrollment",
    processes=(
        ProcessRule(
            ProcessKind.PROVIDER_ENROLLMENT,
            EntityType.ENROLLMENT,
            table="enrollments",
            states={state: WaitingFor.NOBODY if state in FINAL else WaitingFor.PERSON for state in EnrollmentState},
            lifecycle=LIFECYCLE,
        ),
    ),
    task_rules=TASK_RULES,
    events=tuple(EventKind),
    link_purposes=tuple(LinkPurpose),
    teams=tuple(Team),
    mails=(
        "confirm_enrollment",
        "confirm_enrollment_known",
        "enrollment_approved",
        "enrollment_approved_officer",
        "enrollment_denied",
        "enrollment_denied_coordinator",
        "enrollment_denied_officer",
        "enrollment_returned",
        "enrollment_submitted",
        "enrollment_withdrawn",
        "enrollment_withdrawn_coordinator",
        "enrollment_withdrawn_officer",
        "invitation_undeliverable",
        "join_location",
        "join_reminder",
        "location_active",
        "review_due_soon",
        "review_overdue",
        "review_takes_longer",
        "section_reminder",
        "section_returned",
        "sign_reminder",
        "sign_section",
        "submit_reminder",
    ),
    matrix={
        Permission.ENROLLMENT_BEGIN: row(ANON="P", ORG="P", COO="P", LOC="P"),
        Permission.ENROLLMENT_CONFIRM: same(Cell.TOKEN),
        Permission.ENROLLMENT_SIGN_SECTION: same(Cell.TOKEN),
        Permission.ENROLLMENT_EDIT_DRAFT: row(COO="L", ORG="O"),
        Permission.ENROLLMENT_MANAGE_LOCATIONS: row(ORG="O"),
        Permission.ENROLLMENT_SUBMIT: row(ORG="O"),
        Permission.ENROLLMENT_WITHDRAW: row(ORG="O"),
        Permission.ENROLLMENT_READ: row(LOC="Lm", ORG="O", SUP="Tm", REV="A", ALC="Am", RPT="Am"),
        Permission.ENROLLMENT_READ_OWN_PROGRESS: row(COO="L", LOC="L", ORG="O"),
        Permission.ENROLLMENT_ACTIVATE: row(REV="A2"),
        Permission.REVIEW_TASK_DECIDE: row(REV="A"),
    },
)
