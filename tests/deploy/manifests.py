"""The containers that compose and Kubernetes describe, read into one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "deploy" / "compose.yaml"
KUBERNETES = ROOT / "deploy" / "kubernetes"
REFERENCE = object()
"""Stands for a value that comes from a secret."""

SECRET = frozenset(
    {
        "CVMS_SECRET_KEY",
        "CVMS_SMTP_URL",
        "CVMS_PAYLOAD_KEYS",
        "DATABASE_URL",
        "CVMS_WORKER_DATABASE_URL",
        "CVMS_OWNER_DATABASE_URL",
        "TEMPORAL_API_KEY",
    }
)
ASKED_FOR = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


@dataclass
class Container:
    """One container: its image, what it runs and which settings it gets, a secret's being `REFERENCE`."""

    name: str
    image: str
    command: list[str]
    environment: dict[str, Any]
    raw: dict[str, Any] = field(default_factory=dict)


def compose() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text())


def compose_containers() -> list[Container]:
    return [
        Container(
            name,
            service["image"],
            service["command"],
            {key: _asked_for(value) for key, value in service["environment"].items()},
            service,
        )
        for name, service in compose()["services"].items()
    ]


def _asked_for(value: str) -> object:
    """A value that must be given is a reference; one with a default has it."""
    found = ASKED_FOR.fullmatch(value)
    if found is None:
        return value
    return found[3] if found[2] == "-" else REFERENCE


def documents() -> list[dict[str, Any]]:
    """Every Kubernetes object, without the kustomization."""
    files = sorted(file for file in KUBERNETES.glob("*.yaml") if file.name != "kustomization.yaml")
    return [document for file in files for document in yaml.safe_load_all(file.read_text())]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [document for document in documents() if document["kind"] == kind]


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The name of each workload and the template of its pods."""
    for document in documents():
        spec = document.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield document["metadata"]["name"], spec["template"]


def kubernetes_containers() -> list[Container]:
    maps = {document["metadata"]["name"]: document["data"] for document in of_kind("ConfigMap")}
    return [
        Container(
            container["name"],
            container["image"],
            [*container["command"], *container.get("args", [])],
            _environment(container, maps),
            container,
        )
        for _, template in pods()
        for container in template["spec"]["containers"]
    ]


def _environment(container: dict[str, Any], maps: dict[str, dict[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for source in container.get("envFrom", []):
        found |= maps[source["configMapRef"]["name"]]
    for entry in container.get("env", []):
        found[entry["name"]] = REFERENCE if "secretKeyRef" in entry.get("valueFrom", {}) else entry["value"]
    return found
