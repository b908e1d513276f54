"""Replies of applicants to the notes with which fields were returned: only ever added."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE return_replies (
    id uuid NOT NULL,
    note_id uuid NOT NULL,
    org_id uuid NOT NULL,
    reply text NOT NULL,
    replied_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT db_now(),
    CONSTRAINT pk_return_replies PRIMARY KEY (id),
    CONSTRAINT fk_return_replies_note_id_return_notes FOREIGN KEY (note_id) REFERENCES return_notes (id),
    CONSTRAINT fk_return_replies_org_id_organizations FOREIGN KEY (org_id) REFERENCES organizations (id),
    CONSTRAINT fk_return_replies_replied_by_accounts FOREIGN KEY (replied_by) REFERENCES accounts (id)
);
CREATE INDEX ix_return_replies_note_id ON return_replies (note_id);
GRANT SELECT ON return_replies TO cvms_app, cvms_worker;
GRANT INSERT ON return_replies TO cvms_app;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE return_replies")
