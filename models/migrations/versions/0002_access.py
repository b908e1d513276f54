"""Who may touch which table: the application's role and the worker's, each deny by default."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = "cvms_app, cvms_worker"

WRITTEN_BY_BOTH = (
    "processes, news, tasks, deadlines, messages, links, causes, censuses, organizations, locations, grants, "
    "enrollments, sections, signatures, decisions, return_notes"
)
WRITTEN_BY_APP = "accounts, sessions, known_devices, attempts, form_answers, enrollment_starts"
WRITTEN_BY_WORKER = "delivery_attempts, worker_heartbeats"

GRANT = f"""
GRANT USAGE ON SCHEMA public TO {ROLES};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ROLES};
GRANT INSERT, UPDATE ON {WRITTEN_BY_BOTH} TO {ROLES};
GRANT INSERT, UPDATE ON {WRITTEN_BY_APP} TO cvms_app;
GRANT INSERT, UPDATE ON {WRITTEN_BY_WORKER} TO cvms_worker;
GRANT UPDATE ON sessions TO cvms_worker;
GRANT UPDATE (via_generic_code) ON accounts TO cvms_worker; -- lets a process lock an account whose roles it changes
GRANT INSERT ON audit TO {ROLES};
GRANT INSERT ON audit_seals TO cvms_worker;
GRANT DELETE ON censuses, worker_heartbeats, attempts, form_answers TO cvms_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLES};
"""

REVOKE = f"""
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLES};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {ROLES};
REVOKE USAGE ON SCHEMA public FROM {ROLES};
"""


def upgrade() -> None:
    op.execute(GRANT)


def downgrade() -> None:
    op.execute(REVOKE)
