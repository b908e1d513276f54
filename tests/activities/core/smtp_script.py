"""A mail server that answers as a script says, at any stage of the talk; it keeps what it took."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping
from typing import ClassVar, Self

POLITE = {"connect": "220 ready", "ehlo": "250 script", "mail": "250 OK", "rcpt": "250 OK", "data": "354 go on"}


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers politely where `script` says nothing; keys are connect, ehlo, mail, rcpt, data, body."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, script: Mapping[str, str]) -> None:
        self.answers = {**POLITE, "body": "250 taken", **script}
        self.taken: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Talk)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: ScriptedServer
    STAGES: ClassVar = {b"EHLO": "ehlo", b"HELO": "ehlo", b"MAIL": "mail", b"RCPT": "rcpt", b"DATA": "data"}

    def handle(self) -> None:
        self._say(self.server.answers["connect"])
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"QUIT":
                self._say("221 bye")
                return
            said = self.server.answers[self.STAGES[command]] if command in self.STAGES else "250 OK"
            self._say(said)
            if command == b"DATA" and said.startswith("354"):
                self._take()

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self._say(self.server.answers["body"])
        if self.server.answers["body"].startswith("250"):
            self.server.taken.append(b"".join(lines))

    def _say(self, text: str) -> None:
        """A reply of one line or, parted by line feeds, of several."""
        *first, last = text.split("\n")
        code = text[:3]
        many = [f"{code}-{line.removeprefix(code).lstrip(' -')}\r\n" for line in first]
        self.wfile.write("".join([*many, f"{code} {last.removeprefix(code).lstrip(' -')}\r\n"]).encode())
