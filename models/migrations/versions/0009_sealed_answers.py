"""Answers to forms are sealed from now on; of the older ones those that hold a link's token lead to the start page."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE form_answers SET location = '/' WHERE location ~ '[A-Za-z0-9_-]{43}'")


def downgrade() -> None:
    op.execute("UPDATE form_answers SET location = '/' WHERE location LIKE 'sealed:%'")
