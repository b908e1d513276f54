"""When the person behind a session last proved who it is."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE sessions ADD COLUMN proved_at timestamptz NOT NULL DEFAULT 'epoch'")


def downgrade() -> None:
    op.execute("ALTER TABLE sessions DROP COLUMN proved_at")
