"""Recovery codes: what stands in for a lost second factor."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE recovery_codes (
    code_hash text NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT db_now(),
    used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (code_hash),
    CONSTRAINT fk_recovery_codes_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT ck_recovery_codes_used_or_revoked CHECK (used_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX ix_recovery_codes_account_id ON recovery_codes (account_id);
GRANT SELECT ON recovery_codes TO cvms_app, cvms_worker;
GRANT INSERT, UPDATE ON recovery_codes TO cvms_app;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE recovery_codes")
