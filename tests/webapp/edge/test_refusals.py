"""The server's own answers and lines have the shape of all others (O15)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from deploy.local.ports import free_ports
from tests.webapp.edge.conftest import gunicorn
from webapp.core.requests.headers import ALWAYS
from webapp.edge.refusals import refusal_pages
from webapp.edge.worker import PatientWorker

HOST = b"Host: localhost\r\n"
REFUSED = {
    b"Zzcanary\r\n\r\n": 400,
    b"GET / HTTP/9.9\r\n" + HOST + b"\r\n": 400,
    b"GET /sign/Zzcanary HTTP/1.1\r\n" + HOST + b"Bad Header: x\r\n\r\n": 400,
    b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab": 400,
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n": 414,
    b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n": 414,
    b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 9_000 + b"\r\n\r\n": 431,
    b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 200 + b"\r\n": 431,
    b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9999999\r\n\r\n": 413,
    b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: br\r\n\r\n": 501,
    b"GET / HTTP/1.1\r\n" + HOST + b"Expect: Zzcanary\r\n\r\n": 417,
}
SPANISH = b"GET / HTTP/1.1\r\n" + HOST + b"Accept-Language: es\r\nBad Header: x\r\n\r\n"

pytestmark = pytest.mark.stack


def asked(port, sent):
    """(status, headers, body) of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(sent)
        got = b""
        while received := one.recv(65536):
            got += received
    head, _end, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body.decode()


def test_O15_the_servers_own_pages_look_like_the_site_and_carry_its_headers(served):
    for sent, status in REFUSED.items():
        code, headers, page = asked(served.port, sent)
        assert code == status, (sent[:60], code)
        assert ALWAYS.items() <= headers.items()
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Length"] == str(len(page.encode()))
        assert "(919) 555-0142" in page
        assert "/static/cvms.css?v=" in page
        assert "Zzcanary" not in page
    assert '<html lang="es">' in asked(served.port, SPANISH)[2]


def test_O15_every_line_of_the_server_has_one_shape(served):
    for sent in REFUSED:
        asked(served.port, sent)
    children = subprocess.run(["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True, check=True)
    os.kill(int(children.stdout.split()[0]), signal.SIGKILL)
    time.sleep(1.5)
    assert asked(served.port, b"GET /healthz/live HTTP/1.0\r\n\r\n")[0] == 200
    text = served.stop()
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)
    refused = [line for line in lines if line.get("refused")]
    assert sorted(line["status"] for line in refused) == sorted(REFUSED.values())
    assert all(line["event"] == "request" and len(line["id"]) == 32 for line in refused)
    assert "Zzcanary" not in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CVMS_ENV": "production"}, "CVMS_SECRET_KEY"),
        ({"CVMS_ENV": "prod"}, "CVMS_ENV"),
        ({"CVMS_PORT": "eighty"}, "CVMS_PORT"),
        ({"CVMS_METRICS_PORT": "x"}, "CVMS_METRICS_PORT"),
        ({"CVMS_TRUSTED_PROXIES": "everybody"}, "CVMS_TRUSTED_PROXIES"),
        ({"DATABASE_URL": "not an address"}, "DATABASE_URL"),
    ],
    ids=lambda case: str(case)[:40],
)
def test_O9_settings_that_must_not_be_served_are_one_plain_line(tmp_path, settings, said):
    log = tmp_path / "web.log"
    running = gunicorn(free_ports(1)[0], log, {"CVMS_SECRET_KEY": "short", **settings})
    assert running.wait(30) != 0
    [line] = [json.loads(line) for line in log.read_text().splitlines()]
    assert said in line["reason"]
    assert line["level"] == "critical"
    assert "frames" not in line


def test_O4_what_fails_past_the_apps_handlers_is_answered_like_everything_else(app):
    pages = refusal_pages(app)
    for error, status in ((OperationalError("x", {}, Exception()), 503), (ValueError("Zzcanary"), 500)):
        heard = Heard()
        PatientWorker.handle_error(SimpleNamespace(refusals=pages), None, heard, None, error)
        head, _end, body = heard.got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 %d " % status)
        assert b"Content-Security-Policy: " in head
        assert (b"Retry-After: " in head) == (status == 503)
        assert b"Zzcanary" not in body


class Heard:
    """A client's socket that keeps what is sent."""

    def __init__(self):
        self.heard, self.got = b"", b""

    def sendall(self, data):
        self.got += data
