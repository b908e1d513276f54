"""The mail catcher of the local stack: takes in every mail over SMTP, shows them on a page, sends none on."""

from __future__ import annotations

import argparse
import json
import logging
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mail.authenticator import codes
from deploy.local.mail.mailbox import Mailbox
from deploy.local.mail.pages import STYLE, authenticator_page, inbox_page, mail_page, missing_page
from deploy.local.ports import HOST

log = logging.getLogger(__name__)

NAMES = frozenset({"localhost", HOST})
NOBODY = "@nobody.example.org"
"""Addresses that this server refuses for ever, so that undeliverable mail can be tried."""
HTML = "text/html; charset=utf-8"
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'"
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


class Taker:
    """What SMTP hands in goes into the mailbox before it is acknowledged."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower().endswith(NOBODY):
            return f"550 5.1.1 <{address}>: there is nobody of this name here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        self._mailbox.keep(recipients=envelope.rcpt_tos, content=raw)
        return "250 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever keeps a mail from being stored, such as a full disk, is no fault of the mail: it may come again."""
        log.error("a mail is not stored: %s", type(error).__name__)
        return "451 4.3.0 The mail cannot be stored now"


class Pages(ThreadingHTTPServer):
    """The HTTP side, with the mailbox and the demo accounts at hand."""

    daemon_threads = True

    def __init__(self, port: int, mailbox: Mailbox, accounts: Path) -> None:
        self.mailbox = mailbox
        self.accounts = accounts
        super().__init__((HOST, port), Reader)


class Reader(BaseHTTPRequestHandler):
    """One request of somebody who reads mails."""

    server: Pages

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if not self._meant_for_us():
            self._answer(missing_page(), status=HTTPStatus.MISDIRECTED_REQUEST)
        elif address.path.startswith("/mail/"):
            self._show_mail(address.path.removeprefix("/mail/"))
        else:
            self._show_list(address.path, query)

    def do_DELETE(self) -> None:
        if self._meant_for_us() and urlsplit(self.path).path == "/api/mails":
            self.server.mailbox.clear()
            self._answer("[]", kind="application/json")
        else:
            self._answer(missing_page(), status=HTTPStatus.NOT_FOUND)

    def _show_list(self, path: str, query: dict[str, str]) -> None:
        to, email = query.get("to", ""), query.get("email", "")
        if path == "/":
            self._answer(inbox_page(self.server.mailbox.mails(to=to), to=to))
        elif path == "/authenticator":
            self._answer(authenticator_page(codes(self.server.accounts)))
        elif path == "/style.css":
            self._answer(STYLE, kind="text/css")
        elif path == "/api/mails":
            self._answer_json([mail.as_json() for mail in self.server.mailbox.mails(to=to, limit=10_000)])
        elif path == "/api/codes":
            self._answer_json([code.as_json() for code in codes(self.server.accounts, email=email)])
        else:
            self._answer(missing_page(), status=HTTPStatus.NOT_FOUND)

    def _show_mail(self, name: str) -> None:
        number, _, part = name.partition("/")
        mail = self.server.mailbox.mail(int(number)) if number.isdecimal() and len(number) < 10 else None
        if mail is None or part not in ("", "html"):
            self._answer(missing_page(), status=HTTPStatus.NOT_FOUND)
        elif part:
            self._answer(f'<base target="_top">{mail.html}', policy=MAIL_POLICY)
        else:
            self._answer(mail_page(mail))

    def _meant_for_us(self) -> bool:
        """A page elsewhere could have its own name resolve to this machine and read the links; it gets nothing."""
        return self.headers.get("Host", "").rsplit(":", 1)[0] in NAMES

    def _answer_json(self, listed: list[dict[str, str | int]]) -> None:
        self._answer(json.dumps(listed), kind="application/json")

    def _answer(
        self, body: str, *, status: HTTPStatus = HTTPStatus.OK, kind: str = HTML, policy: str = PAGE_POLICY
    ) -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is logged: the addresses hold email addresses."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--mails", type=Path, required=True, help="the file that keeps the mails")
    parser.add_argument("--accounts", type=Path, required=True, help="the file with the demo accounts")
    chosen = parser.parse_args()
    mailbox = Mailbox(chosen.mails)
    Controller(Taker(mailbox), hostname=HOST, port=chosen.smtp_port).start()
    Pages(chosen.http_port, mailbox, chosen.accounts).serve_forever()


if __name__ == "__main__":
    main()
