"""Figures about the system itself, for its metrics: counts and ages, nothing about anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.domain.capabilities import declared
from models.domain.core.mail.messages import MessageStatus
from models.queries.core.processes import unheard_seconds
from models.queries.core.program import holidays_known_for

UNSENT_AND_FAILED = tuple(status for status in MessageStatus if status is not MessageStatus.SENT)
OLDEST_UNHEARD = "(SELECT min(n.created_at) FROM news n WHERE n.process_id = p.id AND n.number > p.heard)"
"""When the oldest news was told that a process `p` has not heard."""
STALLED = f"""
p.open AND ((p.heard < p.told AND {OLDEST_UNHEARD} < db_now() - interval '60 s')
     OR (p.generation_at < db_now() - interval '60 s'
         AND coalesce(p.running_seen_at, '-infinity') < db_now() - interval '60 s'))
"""
"""A process `p` without progress: told and unheard for a minute, or not seen running for as long."""

_BY_KIND = {
    "processes_open": "SELECT kind, count(*) FROM processes WHERE open GROUP BY 1",
    "processes_stalled": f"SELECT kind, count(*) FROM processes p WHERE {STALLED} GROUP BY 1",  # noqa: S608  # fixed text
    "tasks_open": "SELECT kind, count(*) FROM tasks WHERE status IN ('open', 'claimed') GROUP BY 1",
    "tasks_overdue": """SELECT kind, count(*) FROM tasks
                         WHERE status IN ('open', 'claimed') AND due_at < db_now() GROUP BY 1""",
    "messages": "SELECT status, count(*) FROM messages WHERE status <> 'sent' GROUP BY 1",
}
_AGES = {
    "oldest_message_waiting": "SELECT min(created_at) FROM messages WHERE status IN ('waiting', 'sending')",
    "oldest_unsealed_audit": """SELECT min(a.at) FROM audit a LEFT JOIN audit_seals s ON s.audit_id = a.id
        WHERE s.seq IS NULL AND a.id > (SELECT coalesce(max(audit_id), 0) - 10000 FROM audit_seals)""",
    "worker_seen": "SELECT max(seen_at) FROM worker_heartbeats",
    "temporal_reached": "SELECT max(temporal_reached_at) FROM worker_heartbeats",
}
_REFUSED = """
SELECT count(*) FROM messages m JOIN delivery_attempts d ON d.message_id = m.id AND d.attempt = m.attempts
 WHERE m.status IN ('waiting', 'sending') AND d.reply_code >= 500
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """`messages_refused` counts those that wait though the mail server said no for good.
    `holidays_known_days` is for how many days from now the office's holidays are listed.

    Ages in seconds, 0 where nothing waits and None where something was never seen; counts by kind or status.
    """

    oldest_unprocessed_event: float
    oldest_message_waiting: float
    oldest_unsealed_audit: float
    worker_seen: float | None
    temporal_reached: float | None
    sessions_live: int
    messages_refused: int
    holidays_known_days: int
    processes_open: dict[str, int] = field(default_factory=dict)
    processes_stalled: dict[str, int] = field(default_factory=dict)
    tasks_open: dict[str, int] = field(default_factory=dict)
    tasks_overdue: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)


def read_figures(session: Session) -> Figures:
    """All of them; every kind and status is there, with 0 where there is none."""
    processes, tasks = tuple(declared().processes), tuple(declared().task_rules)
    ages = {name: _age(session, statement) for name, statement in _AGES.items()}
    return Figures(
        oldest_unprocessed_event=unheard_seconds(session),
        oldest_message_waiting=ages["oldest_message_waiting"] or 0.0,
        oldest_unsealed_audit=ages["oldest_unsealed_audit"] or 0.0,
        worker_seen=ages["worker_seen"],
        temporal_reached=ages["temporal_reached"],
        sessions_live=session.execute(text("SELECT count(*) FROM sessions WHERE ended_at IS NULL")).scalar_one(),
        messages_refused=session.execute(text(_REFUSED)).scalar_one(),
        holidays_known_days=holidays_known_for(session),
        processes_open=_counts(session, "processes_open", processes),
        processes_stalled=_counts(session, "processes_stalled", processes),
        tasks_open=_counts(session, "tasks_open", tasks),
        tasks_overdue=_counts(session, "tasks_overdue", tasks),
        messages=_counts(session, "messages", UNSENT_AND_FAILED),
    )


def _counts(session: Session, name: str, known: Collection[str]) -> dict[str, int]:
    """Those that are declared, with 0 where there is none, and whatever else a newer version has stored."""
    counted = {row[0]: row[1] for row in session.execute(text(_BY_KIND[name]))}
    return {str(kind): 0 for kind in known} | counted


def _age(session: Session, statement: str) -> float | None:
    asked = text(f"SELECT extract(epoch FROM db_now() - ({statement}))")  # noqa: S608  # fixed text
    age = session.execute(asked).scalar_one_or_none()
    return None if age is None else max(0.0, float(age))
