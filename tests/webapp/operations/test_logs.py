"""One JSON line for each event, whoever writes it and whatever stands in it (S36, S30)."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import structlog

from deploy.local.ports import free_ports
from models.running.log_lines import describe_failure, formatter

ROOT = Path(__file__).resolve().parents[3]
FORGED = [
    'x\r\n{"event": "forged"}',
    "x\nforged",
    "x\x1b[2K\x1b[1Aforged",
    "x\u2028forged\u2029",
    "x\x85forged\x0b\x0c",
    'x", "event": "forged',
    "x\x00",
]
SHARED = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, describe_failure]


@pytest.fixture
def written():
    """What a logger of the test writes through the product's formatter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(list(SHARED)))
    logger = logging.getLogger("forger")
    logger.addHandler(handler)
    logger.propagate = False
    yield stream.getvalue
    logger.removeHandler(handler)
    logger.propagate = True


def ours():
    return structlog.wrap_logger(
        logging.getLogger("forger"),
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


@pytest.mark.parametrize("value", FORGED)
def test_a_value_cannot_forge_a_line(written, value):
    ours().warning("event", value=value)
    assert len(written().splitlines()) == 1
    assert written().isascii()
    assert all(character.isprintable() for character in written().rstrip("\n"))
    line = json.loads(written())
    assert (line["event"], line["value"]) == ("event", value)


@pytest.mark.parametrize("value", FORGED)
def test_words_of_a_library_cannot_forge_a_line(written, value):
    logging.getLogger("forger").warning(value)
    assert len(written().splitlines()) == 1
    assert written().isascii()
    assert json.loads(written())["event"] == value


def test_values_of_a_library_are_masked_but_for_numbers(written):
    logging.getLogger("forger").warning("Error handling request %s after %d ms, %.1f", "/sign/Zzcanary", 12, 0.5)
    assert json.loads(written())["event"] == "Error handling request … after 12 ms, 0.5"


@pytest.mark.parametrize(
    ("words", "values"), [("%(x)s", ({"name": "Zzcanary"},)), ("%s", ("Zzcanary", "more")), ("hello %d", ("Zzcanary",))]
)
def test_values_that_do_not_fit_are_left_out(words, values):
    record = logging.LogRecord("forger", logging.WARNING, "place", 1, words, values, None)
    line = formatter(list(SHARED)).format(record)
    assert json.loads(line)["event"] == words
    assert "Zzcanary" not in line


def test_a_failure_of_a_library_is_its_type_and_place(written):
    try:
        raise ValueError("Zzcanary")
    except ValueError:
        logging.getLogger("forger").exception("it failed")
    line = json.loads(written())
    assert (line["event"], line["error"], line["level"]) == ("it failed", "ValueError", "error")
    assert "Zzcanary" not in written()


BROKEN = """
import threading, warnings
from workflows.engine.logging import configure
configure()
warnings.warn("old ways", stacklevel=1)
def fail():
    raise ValueError("Zzcanary\\nforged")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Untidy:
    def __del__(self):
        raise ValueError("Zzcanary\\nforged")
Untidy()
fail()
"""


def test_what_nobody_caught_is_one_line_each():
    ran = subprocess.run([sys.executable, "-c", BROKEN], cwd=ROOT, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 1
    assert ran.stderr == ""
    assert [line["event"] for line in lines[1:]] == ["uncaught in a thread", "uncaught while tidying up", "uncaught"]
    assert {line["error"] for line in lines[1:]} == {"ValueError"}
    assert "Zzcanary" not in ran.stdout


@pytest.fixture
def served(database, tmp_path):
    """The web app behind gunicorn, with its settings as they are in earnest; its address and its output."""
    port, metrics = free_ports(2)
    environment = {
        **os.environ,
        "CVMS_HOME": str(tmp_path),
        "DATABASE_URL": database.app_url,
        "CVMS_SECRET_KEY": "x" * 40,
        "CVMS_METRICS_PORT": str(metrics),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:webapp.serving", "--log-level", "info"]
    command += ["--bind", f"127.0.0.1:{port}", "webapp:create_app()"]
    out = (tmp_path / "web.log").open("wb")
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)

    def stopped():
        running.send_signal(signal.SIGTERM)
        running.wait(10)
        out.close()
        return (tmp_path / "web.log").read_text()

    answers(port, running)
    yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics}/metrics", stopped
    if running.poll() is None:
        running.kill()
        running.wait(5)
    out.close()


def answers(port, running):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/live", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            assert running.poll() is None
            time.sleep(0.05)
    raise AssertionError("gunicorn did not start")


def test_gunicorn_writes_json_and_counts_in_all_its_processes(served):
    address, metrics, stopped = served
    for _ in range(20):
        urllib.request.urlopen(address + "/healthz/live", timeout=5).close()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address + "/enrollment/sign/Zzcanary%0d%0aforged?name=Zzcanary", timeout=5)
    with urllib.request.urlopen(metrics, timeout=5) as answer:
        page = answer.read().decode()
    [counted] = [
        float(line.rpartition(" ")[2])
        for line in page.splitlines()
        if line.startswith("cvms_request_seconds_count") and '"/healthz/live"' in line
    ]
    assert counted >= 20
    assert "Zzcanary" not in page
    text = stopped()
    lines = [json.loads(line) for line in text.splitlines()]
    assert any(line["logger"] == "gunicorn.error" for line in lines)
    assert any(line["logger"] == "webapp" and line["event"] == "request" for line in lines)
    assert "Zzcanary" not in text
