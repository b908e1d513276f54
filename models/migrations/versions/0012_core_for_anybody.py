"""A core for anybody: tasks without an organization, work found by process, kinds as rows of reference tables."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

EVENTS = ("started", "rebuilt", "task_decided", "deadline_moved", "sections_changed", "enrollment_withdrawn")
PURPOSES = ("confirm_enrollment", "join_location", "sign_section", "reset_password", "accept_account")
DEADLINES = ("reminder_3", "reminder_7", "reminder_14", "warning", "breach")
OUTCOMES = {
    "complete_section": ("completed",),
    "sign_section": ("signed",),
    "name_another_signer": ("replaced", "kept"),
    "submit_enrollment": ("submitted",),
    "review_enrollment": ("recommended", "returned", "denied"),
    "approve_enrollment": ("approved", "returned", "denied"),
    "resolve_overdue_task": ("extended", "assigned"),
}
"""All that the version before could have stored."""

NAMED = ("entity_types", "process_event_kinds", "task_kinds", "deadline_kinds", "link_purposes", "teams")
TABLES = """
CREATE TABLE IF NOT EXISTS {name} (name text NOT NULL, CONSTRAINT pk_{name} PRIMARY KEY (name));
"""
MORE_TABLES = """
CREATE TABLE IF NOT EXISTS process_kinds (
    name text NOT NULL,
    entity_type text NOT NULL,
    CONSTRAINT pk_process_kinds PRIMARY KEY (name),
    CONSTRAINT fk_process_kinds_entity_type_entity_types FOREIGN KEY (entity_type) REFERENCES entity_types (name)
);
CREATE TABLE IF NOT EXISTS process_states (
    process_kind text NOT NULL,
    state text NOT NULL,
    final boolean NOT NULL,
    CONSTRAINT pk_process_states PRIMARY KEY (process_kind, state),
    CONSTRAINT fk_process_states_process_kind_process_kinds FOREIGN KEY (process_kind) REFERENCES process_kinds (name)
);
CREATE TABLE IF NOT EXISTS task_outcomes (
    task_kind text NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT pk_task_outcomes PRIMARY KEY (task_kind, outcome),
    CONSTRAINT fk_task_outcomes_task_kind_task_kinds FOREIGN KEY (task_kind) REFERENCES task_kinds (name)
);
"""
REFERENCE = (*NAMED, "process_kinds", "process_states", "task_outcomes")
GRANT = f"GRANT SELECT ON {', '.join(REFERENCE)} TO cvms_app, cvms_worker"

CHECKS = (
    ("processes", "kind_known", "kind IN ('ProviderEnrollment')"),
    ("processes", "entity_type_known", "entity_type IN ('enrollment')"),
    ("news", "kind_known", f"kind IN {EVENTS}"),
    ("tasks", "kind_known", f"kind IN {tuple(OUTCOMES)}"),
    ("tasks", "entity_type_known", "entity_type IN ('enrollment')"),
    ("deadlines", "entity_type_known", "entity_type IN ('enrollment')"),
    ("links", "purpose_known", f"purpose IN {PURPOSES}"),
    (
        "decisions",
        "outcome_known",
        "outcome IN ('completed', 'signed', 'replaced', 'kept', 'submitted', 'recommended', 'approved', 'returned', 'denied', 'extended', 'assigned')",
    ),
    ("decisions", "kind_known", "kind IN ('review_enrollment', 'approve_enrollment')"),
)
"""The lists of kinds that stood in the tables themselves."""

OUTCOME_OF_KIND = ("kind, outcome", "task_outcomes", "task_kind, outcome")
KEYS = (
    ("processes", "kind", "process_kinds", "name"),
    ("processes", "entity_type", "entity_types", "name"),
    ("news", "kind", "process_event_kinds", "name"),
    ("tasks", "kind", "task_kinds", "name"),
    ("tasks", *OUTCOME_OF_KIND),
    ("tasks", "entity_type", "entity_types", "name"),
    ("tasks", "team", "teams", "name"),
    ("tasks", "candidate_account_id", "accounts", "id"),
    ("deadlines", "kind", "deadline_kinds", "name"),
    ("deadlines", "entity_type", "entity_types", "name"),
    ("links", "purpose", "link_purposes", "name"),
    ("decisions", *OUTCOME_OF_KIND),
)
LIVE = "WHERE status IN ('open', 'claimed')"
WAITING = "WHERE fired_at IS NULL AND cancelled_at IS NULL"
INDEXES = (
    ("UNIQUE", "uq_tasks_live_in_process", f"tasks (process_id, kind, subject_id) {LIVE}"),
    ("", "ix_tasks_location_inbox", f"tasks (location_id, due_at, id) {LIVE}"),
    ("", "ix_tasks_account_inbox", f"tasks (candidate_account_id, due_at, id) {LIVE}"),
    ("UNIQUE", "uq_deadlines_in_process", "deadlines (process_id, subject_id, kind, due_at)"),
    ("", "ix_deadlines_next", f"deadlines (process_id, due_at) {WAITING}"),
    ("", "ix_processes_entity_id", "processes (entity_id)"),
    ("", "ix_links_of_subject", "links (subject_id, purpose, created_at)"),
    ("", "ix_enrollment_starts_email", "enrollment_starts (email, created_at)"),
    ("", "ix_grants_in_scope", "grants (scope_type, scope_id, role) WHERE ended_at IS NULL"),
    ("", "ix_grants_granted_by", "grants (granted_by) WHERE ended_at IS NULL"),
)
OLD_INDEXES = (
    ("UNIQUE", "uq_tasks_live_subject", f"tasks (entity_id, kind, subject_id) {LIVE}"),
    ("", "ix_tasks_location_id", "tasks (location_id)"),
    ("", "ix_deadlines_process_id", "deadlines (process_id)"),
    ("", "ix_deadlines_waiting", f"deadlines (entity_id, due_at) {WAITING}"),
    ("", "ix_links_live", "links (purpose, subject_id) WHERE used_at IS NULL AND revoked_at IS NULL"),
)
OLD_UNIQUE = "uq_deadlines_entity_id_kind_subject_id_due_at"
ONE_OR_ROLE = "ck_tasks_one_account_or_a_role"

PROCESS_COLUMNS = """
SELECT id AS process_id, entity_type, entity_id, generation, open, told, rung, heard, running_seen_at, updated_at,
       generation_at"""
DEADLINE_COLUMNS = "SELECT entity_type, entity_id, kind, due_at, fired_at, subject_id"
VIEWS = f"""
CREATE OR REPLACE VIEW inv.process AS {PROCESS_COLUMNS}, kind AS process_kind FROM processes;
CREATE OR REPLACE VIEW inv.deadline AS {DEADLINE_COLUMNS}, process_id FROM deadlines WHERE cancelled_at IS NULL;
CREATE OR REPLACE VIEW inv.process_state AS SELECT process_kind, state, final FROM process_states;
GRANT SELECT ON inv.process_state TO cvms_app, cvms_worker;
"""
OLD_VIEWS = f"""
DROP VIEW inv.process_state;
DROP VIEW inv.entity;
CREATE VIEW inv.entity AS
SELECT p.entity_type, p.entity_id, e.state, p.kind || '/' || p.entity_id || '/' || p.generation AS workflow_id,
       p.waiting_for, p.updated_at
  FROM enrollments e JOIN processes p ON p.entity_id = e.id;
DROP VIEW inv.process;
CREATE VIEW inv.process AS {PROCESS_COLUMNS} FROM processes;
DROP VIEW inv.deadline;
CREATE VIEW inv.deadline AS {DEADLINE_COLUMNS} FROM deadlines WHERE cancelled_at IS NULL;
GRANT SELECT ON inv.entity, inv.process, inv.deadline TO cvms_app, cvms_worker;
"""
CAUSES = """
CREATE TABLE causes (
    cause_key text NOT NULL,
    at timestamptz NOT NULL DEFAULT db_now(),
    CONSTRAINT pk_causes PRIMARY KEY (cause_key)
);
GRANT SELECT, INSERT ON causes TO cvms_app, cvms_worker;
"""


def key_name(table: str, columns: str, referred: str) -> str:
    return f"fk_{table}_{columns.replace(', ', '_')}_{referred}"


def known(table: str, names: Sequence[str]) -> str:
    values = ", ".join(f"('{name}')" for name in names)
    return f"INSERT INTO {table} (name) VALUES {values} ON CONFLICT DO NOTHING"


def upgrade() -> None:
    """What takes long on a large table holds up nobody: indexes are built concurrently, foreign keys are checked after
    they are in place. Each statement can be repeated, so a migration that was cut off goes on where it stopped.
    """
    for name in NAMED:
        op.execute(TABLES.format(name=name))
    op.execute(MORE_TABLES)
    op.execute(GRANT)
    _add_what_was_known()
    for table, name, _ in CHECKS:
        op.execute(
            f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{name}"
        )
    op.execute("ALTER TABLE tasks ADD COLUMN IF NOT EXISTS candidate_account_id uuid")
    op.execute(
        "-- squawk-ignore ban-drop-not-null -- older code neither writes nor reads such a task\n"
        "ALTER TABLE tasks ALTER COLUMN org_id DROP NOT NULL"
    )
    for table, columns, referred, others in KEYS:
        name = key_name(table, columns, referred)
        op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {referred} ({others}) NOT VALID"
        )
    op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE tasks DROP CONSTRAINT IF EXISTS {ONE_OR_ROLE}")
    op.execute(
        f"ALTER TABLE tasks ADD CONSTRAINT {ONE_OR_ROLE} CHECK "
        "(candidate_account_id IS NULL OR (candidate_role IS NULL AND team IS NULL)) NOT VALID"
    )
    op.execute("-- squawk-ignore ban-drop-table -- nothing reads or writes it\nDROP TABLE IF EXISTS causes")
    op.execute(VIEWS)
    with op.get_context().autocommit_block():
        for table, columns, referred, _others in KEYS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {key_name(table, columns, referred)}")
        op.execute(f"ALTER TABLE tasks VALIDATE CONSTRAINT {ONE_OR_ROLE}")
        _build(INDEXES)
        op.execute(
            f"-- squawk-ignore ban-drop-constraint\nALTER TABLE deadlines DROP CONSTRAINT IF EXISTS {OLD_UNIQUE}"
        )
        _drop(OLD_INDEXES)


def downgrade() -> None:
    """Refused by the database while a task has no organization, or a row is of a kind that was not known before."""
    op.execute(OLD_VIEWS)
    for table, columns, referred, _others in KEYS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key_name(table, columns, referred)}")
    op.execute(f"ALTER TABLE tasks DROP CONSTRAINT {ONE_OR_ROLE}")
    op.execute("ALTER TABLE tasks ALTER COLUMN org_id SET NOT NULL")
    op.execute("ALTER TABLE tasks DROP COLUMN candidate_account_id")
    for table, name, condition in CHECKS:
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition})")
    for _unique, name, _on in INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {name}")
    for unique, name, on in OLD_INDEXES:
        op.execute(f"CREATE {unique} INDEX {name} ON {on}")
    op.execute(f"ALTER TABLE deadlines ADD CONSTRAINT {OLD_UNIQUE} UNIQUE (entity_id, kind, subject_id, due_at)")
    op.execute(CAUSES)
    op.execute(f"DROP TABLE {', '.join(reversed(REFERENCE))}")


def _add_what_was_known() -> None:
    op.execute(known("entity_types", ("enrollment",)))
    op.execute(known("process_event_kinds", EVENTS))
    op.execute(known("task_kinds", tuple(OUTCOMES)))
    op.execute(known("deadline_kinds", DEADLINES))
    op.execute(known("link_purposes", PURPOSES))
    op.execute(known("teams", ("enrollment",)))
    op.execute("INSERT INTO process_kinds VALUES ('ProviderEnrollment', 'enrollment') ON CONFLICT DO NOTHING")
    values = ", ".join(f"('{kind}', '{outcome}')" for kind, outcomes in OUTCOMES.items() for outcome in outcomes)
    op.execute(f"INSERT INTO task_outcomes VALUES {values} ON CONFLICT DO NOTHING")


def _build(indexes: Sequence[tuple[str, str, str]]) -> None:
    """One that was cut off while it was built is thrown away first."""
    for unique, name, on in indexes:
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {unique} INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on}")


def _drop(indexes: Sequence[tuple[str, str, str]]) -> None:
    for _unique, name, _on in indexes:
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
