"""Which process of the stack is given which of our settings: each its own, and nobody else's secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping

OURS = re.compile(r"(CVMS|TEMPORAL)_\w+|DATABASE_URL|PG[A-Z]+")
EVERYBODY = frozenset({"web", "worker", "migrate", "seed", "rebuild", "verify"})
GIVEN = {
    "DATABASE_URL": {"web", "rebuild", "verify"},
    "CVMS_WORKER_DATABASE_URL": {"worker"},
    "CVMS_OWNER_DATABASE_URL": {"migrate", "seed"},
    "CVMS_SECRET_KEY": {"web", "worker", "seed"},
    "CVMS_SMTP_URL": {"worker"},
    "CVMS_PAYLOAD_KEYS": {"worker"},
}
"""What holds a secret, and who needs it. The web app never meets Temporal, so all of Temporal's is the worker's."""


def without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without any setting of ours: what a program of somebody else's is given."""
    return {name: value for name, value in environment.items() if not OURS.fullmatch(name)}


def environment_of(part: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Of these settings, those that a part or a command may know."""
    return {name: value for name, value in environment.items() if part in _given(name)}


def _given(name: str) -> frozenset[str] | set[str]:
    if name.startswith("TEMPORAL_"):
        return {"worker"}
    return GIVEN.get(name, EVERYBODY)
