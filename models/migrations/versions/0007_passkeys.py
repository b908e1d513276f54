"""Passkeys and security keys, and the challenge that a session has given out."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE passkeys (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT db_now(),
    last_used_at timestamptz,
    removed_at timestamptz,
    CONSTRAINT pk_passkeys PRIMARY KEY (id),
    CONSTRAINT uq_passkeys_credential_id UNIQUE (credential_id),
    CONSTRAINT fk_passkeys_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_passkeys_account_id ON passkeys (account_id);
GRANT SELECT ON passkeys TO cvms_app, cvms_worker;
GRANT INSERT, UPDATE ON passkeys TO cvms_app;
ALTER TABLE sessions ADD COLUMN challenge bytea;
ALTER TABLE sessions ADD COLUMN challenge_until timestamptz;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("ALTER TABLE sessions DROP COLUMN challenge_until; ALTER TABLE sessions DROP COLUMN challenge")
    op.execute("DROP TABLE passkeys")
