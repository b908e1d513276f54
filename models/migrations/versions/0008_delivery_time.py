"""When something was last delivered to a process, so that delivering again need not make old news look fresh."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE processes ADD COLUMN rung_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE processes DROP COLUMN rung_at")
