"""The settings of a process, read from the environment in this one place. docs/settings.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from models.crypto.payload_keys import PayloadKey, parse_payload_keys
from models.domain.core.client_addresses import Network, parse_trusted_proxies
from models.running.safe_addresses import (
    database_problem,
    plain_database_problem,
    plain_mail_problem,
    plain_public_problem,
)

DEFAULT_PORT = 8000
LAST_PORT = 65535
DEVELOPMENT_SECRET = "development-only-not-a-secret"
MINIMUM_SECRET_LENGTH = 32
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Environment(StrEnum):
    """Where the product runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class UnsafeSettings(Exception):
    """Production mode refuses to start; the message says in one line why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to another. URLs and names only; no defaults in production."""

    home: Path
    port: int
    environment: Environment
    secret_key: str
    public_url: str
    smtp_url: str
    pg_bin: str | None
    database_url: str
    owner_database_url: str
    worker_database_url: str
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"
    payload_keys: tuple[PayloadKey, ...] = field(default=(), repr=False)
    trusted_proxies: tuple[Network, ...] = ()

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from an environment; raises `UnsafeSettings` where one makes no sense or production must not start."""
    port = _port("CVMS_PORT", environ.get("CVMS_PORT", str(DEFAULT_PORT)))
    database_url = environ.get("DATABASE_URL", "")
    settings = Settings(
        home=Path(environ.get("CVMS_HOME", ".cvms")),
        port=port,
        environment=_environment(environ.get("CVMS_ENV", Environment.DEVELOPMENT)),
        secret_key=environ.get("CVMS_SECRET_KEY", DEVELOPMENT_SECRET),
        public_url=environ.get("CVMS_PUBLIC_URL", f"http://localhost:{port}").rstrip("/"),
        smtp_url=environ.get("CVMS_SMTP_URL", "smtp://127.0.0.1:1025"),
        pg_bin=environ.get("CVMS_PG_BIN"),
        database_url=database_url,
        owner_database_url=environ.get("CVMS_OWNER_DATABASE_URL", ""),
        worker_database_url=environ.get("CVMS_WORKER_DATABASE_URL", database_url),
        metrics_port=_port("CVMS_METRICS_PORT", environ.get("CVMS_METRICS_PORT", "0")),
        metrics_host=environ.get("CVMS_METRICS_HOST", "127.0.0.1"),
        payload_keys=_payload_keys(environ.get("CVMS_PAYLOAD_KEYS", "")),
        trusted_proxies=_trusted_proxies(environ.get("CVMS_TRUSTED_PROXIES", "")),
    )
    _refuse(_problems(database_problem, _databases(settings)))
    if settings.production:
        _insist_on_safety(settings)
    return settings


def insist_on_payload_keys(settings: Settings) -> None:
    """What the worker asks for besides: in production mode no payload reaches Temporal as it is."""
    if settings.production and not settings.payload_keys:
        raise UnsafeSettings(
            "CVMS_PAYLOAD_KEYS must name a key: in production mode Temporal stores sealed payloads only"
        )


def _payload_keys(listed: str) -> tuple[PayloadKey, ...]:
    try:
        return parse_payload_keys(listed)
    except ValueError as problem:
        raise UnsafeSettings(f"CVMS_PAYLOAD_KEYS: {problem}") from None


def _trusted_proxies(listed: str) -> tuple[Network, ...]:
    try:
        return parse_trusted_proxies(listed)
    except ValueError as problem:
        raise UnsafeSettings(f"CVMS_TRUSTED_PROXIES: {problem}") from None


def _environment(name: str) -> Environment:
    try:
        return Environment(name)
    except ValueError:
        raise UnsafeSettings(f"CVMS_ENV must be one of {', '.join(Environment)}") from None


def _port(name: str, written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= LAST_PORT):
        raise UnsafeSettings(f"{name} must be a number from 0 to {LAST_PORT}")
    return int(written)


def _insist_on_safety(settings: Settings) -> None:
    _refuse([*_weak_secret(settings), *_plain_connections(settings)])


def _refuse(problems: list[str]) -> None:
    if problems:
        raise UnsafeSettings("; ".join(problems))


def _problems(problem_of: Callable[[str], str | None], addresses: Mapping[str, str]) -> list[str]:
    return [f"{name} {problem}" for name, address in addresses.items() if (problem := problem_of(address))]


def _databases(settings: Settings) -> dict[str, str]:
    return {"DATABASE_URL": settings.database_url, "CVMS_WORKER_DATABASE_URL": settings.worker_database_url}


def _weak_secret(settings: Settings) -> list[str]:
    if settings.secret_key == DEVELOPMENT_SECRET or len(settings.secret_key) < MINIMUM_SECRET_LENGTH:
        return [f"CVMS_SECRET_KEY must be a secret of your own, {MINIMUM_SECRET_LENGTH} characters or more"]
    return []


def _plain_connections(settings: Settings) -> list[str]:
    return [
        *_problems(plain_public_problem, {"CVMS_PUBLIC_URL": settings.public_url}),
        *_problems(plain_mail_problem, {"CVMS_SMTP_URL": settings.smtp_url}),
        *_problems(plain_database_problem, _databases(settings)),
    ]
