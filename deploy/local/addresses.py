"""The settings that the parts of a stack are told: where everything is, ours or from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import HOST
from deploy.local.processes import StackError
from deploy.local.servers.databases import APP, DATABASE, OWNER, WORKER
from deploy.local.servers.outside import Outside
from deploy.local.servers.postgres import Postgres
from deploy.local.servers.temporal import TemporalServer

ROLES = {"DATABASE_URL": APP, "CVMS_OWNER_DATABASE_URL": OWNER, "CVMS_WORKER_DATABASE_URL": WORKER}


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the settings follow from; `parts` are those that are started here, `chosen` settings of a person's own."""

    home: Path
    web_port: int
    smtp_port: int
    mail_port: int
    secrets: Mapping[str, str]
    postgres: Postgres
    temporal: TemporalServer
    parts: frozenset[str]
    outside: Outside
    chosen: Mapping[str, str]

    def settings(self) -> dict[str, str]:
        """An address that was given goes before one of our own; what is nowhere is not named."""
        web = f"http://localhost:{self.web_port}"
        return {
            "CVMS_HOME": str(self.home),
            "CVMS_PORT": str(self.web_port),
            "CVMS_SECRET_KEY": self.secrets["secret_key"],
            "CVMS_PUBLIC_URL": web,
            **self._mail(),
            **self.chosen,
            "CVMS_URL": web,
            **self._databases(),
            **self._temporal(),
        }

    def _mail(self) -> dict[str, str]:
        if "mail" not in self.parts:
            return {}
        return {
            "CVMS_SMTP_URL": f"smtp://{HOST}:{self.smtp_port}",
            "CVMS_MAIL_URL": f"http://localhost:{self.mail_port}",
        }

    def _databases(self) -> dict[str, str]:
        if self.outside.database:
            return self.outside.databases()
        if "postgres" in self.parts:
            return {
                name: self.postgres.url(database=DATABASE, user=role, password=self.secrets[role])
                for name, role in ROLES.items()
            }
        if self.parts & {"worker", "web"}:
            raise StackError("The database is left out: set DATABASE_URL to the address of the one to use.")
        return {}

    def _temporal(self) -> dict[str, str]:
        if "temporal" in self.parts:
            return {"TEMPORAL_ADDRESS": self.temporal.address, "TEMPORAL_NAMESPACE": "default"}
        return self.outside.temporal()
