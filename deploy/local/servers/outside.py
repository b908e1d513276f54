"""What the stack uses from outside instead of starting it: a database or a Temporal whose address was given."""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg2

from deploy.local.processes import StackError

OF_A_DATABASE = ("DATABASE_URL", "CVMS_WORKER_DATABASE_URL", "CVMS_OWNER_DATABASE_URL")
OF_TEMPORAL = ("TEMPORAL_ADDRESS", "TEMPORAL_CONFIG_FILE", "TEMPORAL_PROFILE")
"""Whichever of these is set says where Temporal is; its other settings only say how to talk to it."""
PATIENCE = 20.0


class Outside:
    """The settings of what is outside, as the environment gives them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        set_ones = {name: value for name, value in environment.items() if value}
        self.database = {name: set_ones[name] for name in OF_A_DATABASE if name in set_ones}
        self._temporal = {name: value for name, value in set_ones.items() if name.startswith("TEMPORAL_")}
        if self.database and "DATABASE_URL" not in self.database:
            raise StackError(f"{', '.join(self.database)} is set without DATABASE_URL: set all of them, or none.")

    @property
    def has_temporal(self) -> bool:
        return any(name in self._temporal for name in OF_TEMPORAL)

    def parts(self, wanted: frozenset[str]) -> frozenset[str]:
        """The wanted parts that are to be started here."""
        given = {"postgres"} if self.database else set()
        return wanted - given - ({"temporal"} if self.has_temporal else set())

    def databases(self) -> dict[str, str]:
        """The addresses of the database, each role's; the worker may have that of the application."""
        return {"CVMS_WORKER_DATABASE_URL": self.database["DATABASE_URL"], **self.database}

    def temporal(self) -> dict[str, str]:
        """Temporal's own settings; without any the client goes by its default, port 7233 of this machine."""
        return dict(self._temporal)

    def wait_for_database(self) -> str:
        """Where the database is, as soon as it answers; raises `StackError` when it does not."""
        url = self.database["DATABASE_URL"]
        place = urlsplit(url).netloc.rpartition("@")[2]
        until = time.monotonic() + PATIENCE
        while problem := _problem_of(url):
            if time.monotonic() > until:
                raise StackError(
                    f"DATABASE_URL is set, so the database at {place} is used, and it cannot be reached ({problem}). "
                    "Unset it to start one here."
                )
            time.sleep(0.5)
        return place


def _problem_of(url: str) -> str:
    """Why nobody can connect, in a few words; empty when one can."""
    scheme, _, rest = url.partition("://")
    try:
        psycopg2.connect(f"{scheme.partition('+')[0]}://{rest}", connect_timeout=2).close()
    except psycopg2.ProgrammingError:
        raise StackError("DATABASE_URL is no address of a database, as postgresql://role:password@host/name.") from None
    except (psycopg2.OperationalError, UnicodeError) as error:
        first = str(error).strip().partition("\n")[0]
        return first.rpartition(": ")[2].strip() or "no answer"
    return ""
