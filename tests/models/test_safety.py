"""What production refuses in the database."""

from __future__ import annotations

import pytest

from models.running.safety import insist_on_safe_database
from models.running.settings import UnsafeSettings
from tests.database import Database


def test_the_owner_of_the_audit_trail_is_refused(database: Database) -> None:
    with pytest.raises(UnsafeSettings, match="could change the table audit"):
        insist_on_safe_database(database.owner_engine)


@pytest.mark.parametrize("role", ["app_engine", "worker_engine"])
def test_the_products_own_roles_have_no_power_over_the_audit_trail(database: Database, role: str) -> None:
    """The tests' server runs without fsync, so it is refused for that alone."""
    with pytest.raises(UnsafeSettings) as refused:
        insist_on_safe_database(getattr(database, role))
    assert "could" not in str(refused.value)
    assert "fsync=off" in str(refused.value)
