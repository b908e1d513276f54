"""What capabilities declare, as rows and views of the database: written after the migrations, at every run.

Rows are added and never changed or removed, so that what an older version stored keeps its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, create_engine, inspect, text
from sqlalchemy.dialects.postgresql import insert

from models.domain.core.capability import Declarations, ProcessRule
from models.postgres.database import normalize_url
from models.tables.core import kinds

Rows = Iterable[Mapping[str, Any]]


def write_declarations(owner_url: str, declared: Declarations) -> None:
    """Add what is new, and build the view of all entities; nothing, where the tables are not there yet."""
    engine = create_engine(normalize_url(owner_url))
    try:
        with engine.begin() as connection:
            if inspect(connection).has_table("process_states"):
                _add_rows(connection, declared)
                for statement in entity_view(declared.processes.values()):
                    connection.execute(text(statement))
    finally:
        engine.dispose()


def rows_of(declared: Declarations) -> dict[type, Rows]:
    """The rows of every reference table; a table comes after those that it refers to."""
    processes, rules = declared.processes.values(), declared.task_rules
    return {
        kinds.KnownEntityType: [{"name": name} for name in sorted(declared.entity_types)],
        kinds.KnownProcessKind: [{"name": rule.kind, "entity_type": rule.entity_type} for rule in processes],
        kinds.KnownProcessState: [
            {"process_kind": rule.kind, "state": state, "final": state in rule.final}
            for rule in processes
            for state in rule.states
        ],
        kinds.KnownEventKind: [{"name": name} for name in sorted(declared.events)],
        kinds.KnownTaskKind: [{"name": kind} for kind in rules],
        kinds.KnownOutcome: [
            {"task_kind": kind, "outcome": outcome} for kind, rule in rules.items() for outcome in sorted(rule.outcomes)
        ],
        kinds.KnownDeadlineKind: [{"name": name} for name in sorted(declared.deadlines)],
        kinds.KnownLinkPurpose: [{"name": name} for name in sorted(declared.link_purposes)],
        kinds.KnownTeam: [{"name": name} for name in sorted(declared.teams)],
    }


def entity_view(processes: Iterable[ProcessRule]) -> tuple[str, ...]:
    """The statements that make `inv.entity`: every entity with its state, whichever capability's table holds it."""
    arms = [
        f"""SELECT p.kind AS process_kind, p.entity_type, p.entity_id, e.{rule.column}::text AS state,
                   p.kind || '/' || p.entity_id || '/' || p.generation AS workflow_id, p.waiting_for, p.updated_at
              FROM processes p JOIN {rule.table} e ON e.id = p.entity_id
             WHERE p.kind = '{rule.kind}'"""  # noqa: S608  # names that our own code declares
        for rule in processes
    ]
    return (
        "DROP VIEW IF EXISTS inv.entity",
        f"CREATE VIEW inv.entity AS {' UNION ALL '.join(arms)}",
        "GRANT SELECT ON inv.entity TO cvms_app, cvms_worker",
    )


def _add_rows(connection: Connection, declared: Declarations) -> None:
    for known, rows in rows_of(declared).items():
        table: Table = known.__table__  # type: ignore[attr-defined]
        found = [dict(row) for row in rows]
        if found:
            connection.execute(insert(table).on_conflict_do_nothing(), found)
