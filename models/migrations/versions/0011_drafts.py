"""Drafts: what was typed and not sent yet. And where an act left the row that its form is about."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE drafts (
    owner text NOT NULL,
    form text NOT NULL,
    sealed bytea,
    sent_token text,
    saved_at timestamptz NOT NULL DEFAULT db_now(),
    CONSTRAINT pk_drafts PRIMARY KEY (owner, form)
);
CREATE INDEX ix_drafts_saved_at ON drafts (saved_at);
GRANT SELECT ON drafts TO cvms_app, cvms_worker;
GRANT INSERT, UPDATE ON drafts TO cvms_app;
GRANT DELETE ON drafts TO cvms_worker;
ALTER TABLE form_answers ADD COLUMN version bigint;
ALTER TABLE form_answers ADD COLUMN answered_at timestamptz;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("ALTER TABLE form_answers DROP COLUMN answered_at; ALTER TABLE form_answers DROP COLUMN version")
    op.execute("DROP TABLE drafts")
