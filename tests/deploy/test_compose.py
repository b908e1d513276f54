"""What compose and Kubernetes have in common: the containers they start are the product's, safe, and know no secret."""

from __future__ import annotations

import importlib
import importlib.util
import re

import pytest

from models.running.settings import insist_on_payload_keys, load_settings
from tests.deploy.manifests import (
    COMPOSE,
    KUBERNETES,
    REFERENCE,
    ROOT,
    SECRET,
    compose,
    compose_containers,
    kubernetes_containers,
)
from webapp.cli import COMMANDS

CONTAINERS = [*compose_containers(), *kubernetes_containers()]
each = pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one.name)
SETTINGS = set(re.findall(r'environ\.get\(\s*"(\w+)"', (ROOT / "models" / "running" / "settings.py").read_text()))
DOCUMENTED = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "settings.md").read_text()))
FILES = [COMPOSE, ROOT / "deploy" / "Containerfile", ROOT / "deploy" / "roles.sql", *sorted(KUBERNETES.glob("*.yaml"))]
SAFE = {
    "CVMS_SECRET_KEY": "k" * 40,
    "CVMS_SMTP_URL": "smtps://mail.example.org",
    "CVMS_PUBLIC_URL": "https://cvms.example.org",
    "CVMS_PAYLOAD_KEYS": "2026-07:" + "A" * 43 + "=",
    "CVMS_TRUSTED_PROXIES": "10.0.0.0/8",
    "TEMPORAL_ADDRESS": "temporal.example.org:7233",
}


def test_the_parts_are_all_there():
    assert {container.name for container in compose_containers()} == {"migrate", "web", "worker"}
    assert {container.name for container in kubernetes_containers()} == {"migrate", "web", "worker", "backup"}


@each
def test_every_setting_that_is_given_is_read(container):
    unknown = {name for name in container.environment if name not in SETTINGS and name not in DOCUMENTED}
    assert not unknown, "models/running/settings.py and docs/settings.md know nothing of these"
    assert all(isinstance(value, str) or value is REFERENCE for value in container.environment.values())


@each
def test_a_secret_is_a_reference(container):
    given = {name: value for name, value in container.environment.items() if name in SECRET}
    assert given
    assert set(given.values()) == {REFERENCE}


@each
def test_only_migrations_and_backups_have_the_owners_address(container):
    assert ("CVMS_OWNER_DATABASE_URL" in container.environment) is (container.name in {"migrate", "backup"})
    assert ("CVMS_WORKER_DATABASE_URL" in container.environment) is (container.name == "worker")
    assert ("CVMS_PAYLOAD_KEYS" in container.environment) is (container.name == "worker")


@each
def test_web_and_worker_would_start_in_production_mode(container):
    if container.name not in {"web", "worker"}:
        return
    assert container.environment["CVMS_ENV"] == "production"
    environment = {
        name: SAFE.get(name, "postgresql://role:x@db.example.org/cvms?sslmode=verify-full")
        if value is REFERENCE
        else value
        for name, value in container.environment.items()
    }
    settings = load_settings(environment)
    if container.name == "worker":
        insist_on_payload_keys(settings)
        assert environment["TEMPORAL_TLS"] == "true"


@each
def test_the_command_exists(container):
    program, *arguments = container.command
    if program == "gunicorn":
        assert arguments[:2] == ["--config", "python:webapp.serving"]
        module, _, call = arguments[-1].partition(":")
        assert callable(getattr(importlib.import_module(module), call.removesuffix("()")))
    elif program == "sh":
        assert arguments[1].split()[:2] == ["exec", "cvms"]
        assert arguments[1].split()[2] in COMMANDS
    else:
        assert program == "python"
        assert (ROOT / arguments[0]).exists() or importlib.util.find_spec(arguments[1]) is not None


@each
def test_the_image_is_ours_with_a_version_and_no_registry(container):
    name, _, tag = container.image.partition(":")
    assert name == "cvms"
    assert tag != "latest"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_file_holds_a_secret_or_an_address_of_a_machine(file):
    text = file.read_text()
    for address in re.findall(r"\w+://[^\s\"'?]*:[^\s\"'@?]+@", text):
        assert ":…@" in address or ":password@" in address, f"looks like a password: {address}"
    numbers = set(re.findall(r"\b\d+\.\d+\.\d+\.\d+\b(?!/)", text))
    assert numbers <= {"0.0.0.0", "127.0.0.1"}
    assert str(ROOT) not in text
    assert not re.search(r"(?i)begin [a-z ]*private key", text)


def test_replicas_have_their_ports_and_migrations_come_first():
    for name in ("web", "worker"):
        service = compose()["services"][name]
        replicas = service["deploy"]["replicas"]
        assert replicas >= 2
        assert service["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        for port in service["ports"]:
            address, first, last, _inside = re.fullmatch(r"([\d.]+):(\d+)-(\d+):(\d+)", port).groups()
            assert address == "127.0.0.1"
            assert int(last) - int(first) + 1 == replicas


def test_ports_agree():
    for container in compose_containers():
        inside = {port.rpartition(":")[2] for port in container.raw.get("ports", [])}
        if inside:
            bound = {part.rpartition(":")[2] for part in container.command if part.startswith("0.0.0.0:")}
            assert inside == bound | {container.environment["CVMS_METRICS_PORT"]}
    exposed = re.search(r"^EXPOSE (.*)$", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE)
    assert exposed[1].split() == ["8000", "9100"]


@pytest.mark.parametrize("container", compose_containers(), ids=lambda one: one.name)
def test_a_container_may_write_nowhere_but_where_it_must(container):
    service = container.raw
    assert service["read_only"] is True
    assert {mount.partition(":")[0] for mount in service["tmpfs"]} == {"/tmp", "/var/lib/cvms"}
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service["user"].startswith("0")


@pytest.mark.parametrize("name", ["web", "worker"])
def test_what_runs_for_long_is_bounded_watched_and_stops_gracefully(name):
    service = compose()["services"][name]
    assert {"cpus", "memory"} <= service["deploy"]["resources"]["limits"].keys()
    assert service["healthcheck"]["test"][:2] == ["CMD", "python"]
    assert int(service["stop_grace_period"].removesuffix("s")) >= 10


def test_the_containerfile_copies_what_is_there_and_does_not_run_as_root():
    text = (ROOT / "deploy" / "Containerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (?!--)(.*)$", text, re.MULTILINE) for name in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in copied)
    rooms = {"models", "activities", "workflows", "webapp", "worker.py", "deploy", "pyproject.toml"}
    assert rooms <= set(copied)
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE) == ["10001:10001"]
    assert "docker.io/library/python:3.11" in text
