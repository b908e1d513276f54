"""Messages can be held: they wait for a person's word before they are sent."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CHECK = "ck_messages_status_known"


def known(statuses: str) -> str:
    return f"""
-- squawk-ignore ban-drop-constraint -- the next statement puts a wider one in its place
ALTER TABLE messages DROP CONSTRAINT {CHECK};
-- squawk-ignore constraint-missing-not-valid -- messages are swept, the table stays small
ALTER TABLE messages ADD CONSTRAINT {CHECK} CHECK (status IN ({statuses}));
"""


def upgrade() -> None:
    op.execute(known("'waiting', 'sending', 'held', 'sent', 'undeliverable'"))


def downgrade() -> None:
    op.execute("UPDATE messages SET status = 'waiting' WHERE status = 'held'")
    op.execute(known("'waiting', 'sending', 'sent', 'undeliverable'"))
