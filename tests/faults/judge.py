"""What must hold after a fault run: the invariants, the journal against the facts, and no effect twice."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, text

from models.postgres.database import transaction
from models.queries.operations.invariants import check_invariants
from tests.faults.clients import World

QUIET_WITHIN = 60.0

RESTLESS = """
SELECT (SELECT count(*) FROM inv.process WHERE open AND heard < told)
     + (SELECT count(*) FROM inv.mail WHERE status IN ('waiting', 'sending'))
     + (SELECT count(*) FROM inv.entity WHERE waiting_for = 'process')
     + (SELECT count(*) FROM audit a LEFT JOIN audit_seals s ON s.audit_id = a.id WHERE s.seq IS NULL)
"""

TWICE = {
    "an address has two accounts": "SELECT email_norm FROM inv.account GROUP BY 1 HAVING count(*) > 1",
    "an address began twice": "SELECT email FROM enrollment_starts GROUP BY 1 HAVING count(*) > 1",
    "an organization enrolled twice": """SELECT o.name FROM enrollments e JOIN organizations o ON o.id = e.org_id
                                         GROUP BY 1 HAVING count(*) > 1""",
    "a location is listed twice": "SELECT org_id, name FROM locations GROUP BY 1, 2 HAVING count(*) > 1",
    "a mail went out twice": """SELECT template, to_address, entity_id FROM messages WHERE template <> ALL(:repeated)
                                 GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "a form was answered twice": "SELECT actor_id, route, key FROM inv.idem GROUP BY 1, 2, 3 HAVING count(*) > 1",
    "a submission was decided twice": """SELECT enrollment_id, submission, kind FROM decisions
                                          GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    "a task was taken by two": """SELECT object_id FROM inv.audit WHERE action = 'task.claim'
                                   GROUP BY 1 HAVING count(DISTINCT actor_id) > 1""",
}
REPEATED_BY_DAY = ["sign_reminder", "join_reminder", "review_due_soon"]
ACTS_WITHOUT_TRACE = {"sign in", "second factor", "take next"}
"""Acts that leave no row under their form's key: a sign-in is no change of a fact, and `take next` may find none."""


@dataclass
class Verdict:
    """The figures of a run; `problems` says each finding in a line."""

    lost: int
    dup: int
    problems: list[str]


def wait_until_quiet(engine: Engine) -> float | None:
    """Seconds until nothing is on its way any more; None when that takes too long."""
    began = time.monotonic()
    while time.monotonic() - began < QUIET_WITHIN:
        with engine.connect() as connection:
            if connection.execute(text(RESTLESS)).scalar_one() == 0:
                return time.monotonic() - began
        time.sleep(0.3)
    return None


def judge(engine: Engine, world: World, twice: Mapping[str, str] = TWICE) -> Verdict:
    """Compare the facts with what the clients were told; `twice` finds what may exist once only."""
    problems = [*world.stuck]
    lost = _lost_acts(engine, world) + _lost_approvals(engine, world)
    problems += lost
    dup = _twice(engine, twice)
    problems += dup
    with transaction(engine) as session:
        findings = check_invariants(session)
    problems += [f"{found.id} {found.says}: {found.violations}" for found in findings if found.violations]
    problems += [
        f"{act.name} {act.key} got {act.answers}" for act in world.journal.acknowledged() if len(act.answers) > 1
    ]
    return Verdict(lost=len(lost) + len(world.stuck), dup=len(dup), problems=problems)


def _lost_acts(engine: Engine, world: World) -> list[str]:
    """I11: every acknowledged act is in the audit trail, every refused one is not."""
    with engine.connect() as connection:
        keys = set(connection.execute(text("SELECT DISTINCT cause_key FROM inv.audit")).scalars())
    kept = [act for act in world.journal.acknowledged() if act.name not in ACTS_WITHOUT_TRACE]
    lost = [f"lost: {act.name} of {act.client} ({act.key})" for act in kept if act.key not in keys]
    refused = [a for a in world.journal.refused() if a.name not in ACTS_WITHOUT_TRACE and a.key in keys]
    return lost + [f"refused but present: {act.name} of {act.client} ({act.key})" for act in refused]


def _lost_approvals(engine: Engine, world: World) -> list[str]:
    with engine.connect() as connection:
        approved = {
            str(one)
            for one in connection.execute(text("SELECT id FROM enrollments WHERE state = 'approved'")).scalars()
        }
    return [f"lost: approval of {one}" for one in world.approved if one not in approved]


def _twice(engine: Engine, twice: Mapping[str, str]) -> list[str]:
    found = []
    with engine.connect() as connection:
        for says, statement in twice.items():
            rows = connection.execute(
                text(statement), {"repeated": REPEATED_BY_DAY} if ":repeated" in statement else {}
            ).all()
            found += [f"{says}: {', '.join(map(str, row))}" for row in rows]
    return found
