"""The schema `inv`: read-only views over the facts, on which every invariant is checked."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VIEWS = """
CREATE SCHEMA inv;

CREATE VIEW inv.process AS
SELECT id AS process_id, entity_type, entity_id, generation, open, told, rung, heard, running_seen_at, updated_at,
       generation_at
  FROM processes;

CREATE VIEW inv.entity AS
SELECT p.entity_type, p.entity_id, e.state, p.kind || '/' || p.entity_id || '/' || p.generation AS workflow_id,
       p.waiting_for, p.updated_at
  FROM enrollments e JOIN processes p ON p.entity_id = e.id;

CREATE VIEW inv.news AS SELECT process_id, number, kind, created_at FROM news;

CREATE VIEW inv.deadline AS
SELECT entity_type, entity_id, kind, due_at, fired_at, subject_id FROM deadlines WHERE cancelled_at IS NULL;

CREATE VIEW inv.task AS
SELECT t.id AS task_id, p.kind || '/' || p.entity_id || '/' || p.generation AS workflow_id, t.entity_type, t.entity_id,
       t.kind, t.subject_id, t.org_id, t.status, t.assignee_id, t.version, t.outcome, t.decided_by, t.cause_key
  FROM tasks t JOIN processes p ON p.id = t.process_id;

CREATE VIEW inv.mail AS
SELECT id AS mail_id, cause_key, template, status, attempts, created_at, handed_over_at,
       params ?| array['date_of_birth', 'dose', 'product', 'lot', 'eligibility', 'recipient'] AS body_has_phi
  FROM messages;

CREATE VIEW inv.idem AS
SELECT actor_id, route, key, request_hash, status_code, created_at FROM form_answers;

CREATE VIEW inv.audit AS
SELECT coalesce(s.chain, 'main') AS chain, s.seq, a.at, a.actor_id, a.action, a.object_type, a.object_id, a.outcome,
       a.cause_key, s.prev_hash, s.hash
  FROM audit a LEFT JOIN audit_seals s ON s.audit_id = a.id;

CREATE VIEW inv.account AS SELECT id AS user_id, email_norm, status, via_generic_code FROM accounts;

CREATE VIEW inv.session_ AS
SELECT sid_hash, account_id AS user_id, created_at, last_seen_at, ended_at FROM sessions;

CREATE VIEW inv.grant_ AS
SELECT account_id AS user_id, role, scope_type, scope_id, granted_because FROM grants;

GRANT USAGE ON SCHEMA inv TO cvms_app, cvms_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA inv TO cvms_app, cvms_worker;
"""


def upgrade() -> None:
    op.execute(VIEWS)


def downgrade() -> None:
    op.execute("DROP SCHEMA inv CASCADE")
