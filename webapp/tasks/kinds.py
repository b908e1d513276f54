"""The registry of task kinds: the page where state staff decide, or the page of the applicants it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import url_for

from models.domain.enrollment.declares import TaskKind
from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.lifecycle import SectionKind
from models.queries.core.task_rows import TaskRow
from webapp.enrollment.staff.overdue import OVERDUE
from webapp.enrollment.staff.review import APPROVAL, REVIEW
from webapp.tasks.page import AnyPage

STAFF_PAGES: Mapping[str, AnyPage] = {
    TaskKind.REVIEW_ENROLLMENT: REVIEW,
    TaskKind.APPROVE_ENROLLMENT: APPROVAL,
    TaskKind.RESOLVE_OVERDUE_TASK: OVERDUE,
}


def _section(task: TaskRow) -> str:
    kind = SectionKind.B if task.location_id else SectionKind.A
    return url_for("enrollment.section", section_id=task.subject_id, step=steps_of(kind)[0].name.value)


def _application(task: TaskRow) -> str:
    return url_for("enrollment.application", enrollment_id=task.entity_id)


APPLICANT_PAGES: Mapping[str, Callable[[TaskRow], str]] = {
    TaskKind.COMPLETE_SECTION: _section,
    TaskKind.SIGN_SECTION: _application,
    TaskKind.NAME_ANOTHER_SIGNER: _application,
    TaskKind.SUBMIT_ENROLLMENT: _application,
}
"""Where an applicant does a task; nothing is decided on the task page itself."""
