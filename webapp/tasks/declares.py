"""What tasks bring to the web app whatever they are about: the inbox, and words for refusals and events."""

from __future__ import annotations

from models.domain.capabilities import declared
from models.domain.core.permissions import Role
from webapp.core.capability import Place, WebCapability, holders
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.tasks.views import blueprint

supervisors = holders(Role.SUP)
with_tasks = holders(*(Role(role) for _team, role in declared().team_seats))
"""Roles of state staff that tasks are for; whoever has several begins with what is late."""

CAPABILITY = WebCapability(
    "tasks",
    blueprints=(blueprint,),
    menu=(Place("tasks.team", _l("Your team"), supervisors), Place("tasks.inbox", _l("Inbox"), with_tasks)),
    homes=(Place("tasks.team", _l("Your team"), supervisors), Place("tasks.inbox", _l("Inbox"), with_tasks)),
    refusals={
        "not_candidate": _l("This task is for another role. You can read it, but not decide it."),
        "task_unknown": _l("This task doesn't exist anymore."),
        "task_held": _l("%(name)s took this task."),
        "task_over": _l("This task is already done."),
        "second_person": _l("You made the first decision, so someone else has to approve."),
        "own_organization": _l("You have a role at this organization, so someone else has to decide."),
        "unknown_outcome": _l("Choose one of the decisions."),
        "reason_missing": _l("Enter a reason."),
    },
    events={
        "task.claim": _l("Took the task"),
        "task.release": _l("Released the task"),
        "task.assign": _l("Assigned the task"),
    },
    tries={
        "task.claim": _l("Tried to take the task, and was refused"),
        "task.decide": _l("Tried to decide the task, and was refused"),
    },
)
