"""The mail catcher: mails in over SMTP, out as pages and JSON, never run as code."""

from __future__ import annotations

import json
import smtplib
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPResponse
from pathlib import Path

import pyotp
import pytest

from deploy.local.ports import answers, free_ports

HOSTILE = '<script>alert("x")</script>'


@dataclass(frozen=True)
class Catcher:
    smtp_port: int
    http_port: int

    def send(self, *, to: str = "ada@example.org", subject: str = "Welcome", text: str = "Hello") -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "cvms@example.org", to, subject
        message["Message-ID"] = "<1@example.org>"
        message.set_content(text)
        message.add_alternative(f"<p>{text}</p>", subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as server:
            server.send_message(message)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=5)

    def text(self, path: str) -> str:
        with self.get(path) as answer:
            return answer.read().decode()


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[Catcher]:
    accounts = [{"role": "Reviewer", "email": "rita@example.org", "password": "-", "totp": pyotp.random_base32()}]
    (tmp_path / "accounts.json").write_text(json.dumps(accounts))
    smtp_port, http_port = free_ports(2)
    arguments = ["--smtp-port", str(smtp_port), "--http-port", str(http_port), "--mails", str(tmp_path / "mails.db")]
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local.mail.catcher", *arguments, "--accounts", str(tmp_path / "accounts.json")]
    )
    until = time.monotonic() + 10
    while not (answers(smtp_port) and answers(http_port)) and time.monotonic() < until:
        time.sleep(0.02)
    yield Catcher(smtp_port, http_port)
    process.kill()
    process.wait()


def test_a_mail_is_listed_by_its_address(catcher: Catcher) -> None:
    catcher.send(to="Ada@example.org")
    catcher.send(to="bob@example.org")
    [mail] = json.loads(catcher.text("/api/mails?to=ada@example.org"))
    assert (mail["to"], mail["subject"], mail["text"].strip()) == ("ada@example.org", "Welcome", "Hello")
    assert mail["message_id"] == "<1@example.org>"
    assert len(json.loads(catcher.text("/api/mails"))) == 2


def test_a_mail_to_nobody_is_refused_for_ever(catcher: Catcher) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        catcher.send(to="Zoe@Nobody.example.org")
    assert [code for code, _ in refused.value.recipients.values()] == [550]
    assert json.loads(catcher.text("/api/mails")) == []


def test_O7_a_mail_that_cannot_be_stored_is_put_off_and_comes_again(catcher: Catcher, tmp_path: Path) -> None:
    """The table is gone, which is to the catcher what a full disk is; then it is there again."""
    with closing(sqlite3.connect(tmp_path / "mails.db")) as box:
        box.execute("ALTER TABLE mails RENAME TO away")
        with pytest.raises(smtplib.SMTPDataError) as refused:
            catcher.send()
        box.execute("ALTER TABLE away RENAME TO mails")
    assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (451, b"4.3.0")
    catcher.send()
    assert len(json.loads(catcher.text("/api/mails"))) == 1


def test_hostile_mails_are_shown_as_text(catcher: Catcher) -> None:
    catcher.send(subject=HOSTILE, text=f"{HOSTILE} http://localhost:8000/sign/abc")
    for path in ("/", "/mail/1"):
        with catcher.get(path) as answer:
            assert "script-src" not in answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert HOSTILE not in answer.read().decode()
    assert '<a href="http://localhost:8000/sign/abc">' in catcher.text("/mail/1")
    with catcher.get("/mail/1/html") as answer:
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_codes_of_demo_accounts_work(catcher: Catcher) -> None:
    [code] = json.loads(catcher.text("/api/codes?email=rita@example.org"))
    assert code["role"] == "Reviewer"
    assert code["code"] in catcher.text("/authenticator")


@pytest.mark.parametrize("path", ["/mail/9", "/mail/x", "/mail/1/other", "/elsewhere"])
def test_what_does_not_exist_is_not_found(catcher: Catcher, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        catcher.get(path)
    assert refused.value.code == 404
    refused.value.close()


def test_another_host_name_is_refused(catcher: Catcher) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        catcher.get("/", Host="evil.example")
    assert refused.value.code == 421
    refused.value.close()
