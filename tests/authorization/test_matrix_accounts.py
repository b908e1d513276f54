"""Every route of `accounts` for every role and every sort of thing (S1, S2)."""

from __future__ import annotations

from tests.authorization.matrix import matrix_of

CAPABILITY = "accounts"
test_every_cell_is_answered_as_the_table_says = matrix_of(CAPABILITY)
