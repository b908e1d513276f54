"""The mails that the catcher has taken in, kept in one file so that a restart loses none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

PAGE = 200
INSERT = """
INSERT INTO mails (recipient, sender, subject, text, html, message_id, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)"""
SELECT = "SELECT id, recipient, sender, subject, text, html, message_id, received_at FROM mails "
TABLE = """
CREATE TABLE IF NOT EXISTS mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT, recipient TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, html TEXT NOT NULL, message_id TEXT NOT NULL, received_at TEXT NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address. `received_at` is in UTC, ISO 8601."""

    id: int
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    message_id: str
    received_at: str

    def as_json(self) -> dict[str, str | int]:
        return {
            "id": self.id,
            "to": self.recipient,
            "from": self.sender,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "message_id": self.message_id,
            "received_at": self.received_at,
        }


class Mailbox:
    """All mails, the newest first."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._prepare()
        except sqlite3.DatabaseError:
            self._set_aside()
            self._prepare()

    def keep(self, *, recipients: list[str], content: bytes) -> None:
        """Store a mail once for each recipient; it is on disk when this returns."""
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        common = (
            str(message["From"] or ""),
            str(message["Subject"] or ""),
            _part(message, "plain"),
            _part(message, "html"),
            str(message["Message-ID"] or ""),
            datetime.now(UTC).isoformat(),
        )
        rows = [(recipient.lower(), *common) for recipient in recipients]
        with closing(self._open()) as box, box:
            box.executemany(INSERT, rows)

    def mails(self, *, to: str = "", limit: int = PAGE) -> list[Mail]:
        """The newest mails, all of them or those to one address."""
        query = SELECT + "WHERE ? IN ('', recipient) ORDER BY id DESC LIMIT ?"
        with closing(self._open()) as box:
            return [Mail(*row) for row in box.execute(query, (to.strip().lower(), limit))]

    def mail(self, number: int) -> Mail | None:
        with closing(self._open()) as box:
            row = box.execute(SELECT + "WHERE id = ?", (number,)).fetchone()
        return Mail(*row) if row else None

    def clear(self) -> None:
        with closing(self._open()) as box, box:
            box.execute("DELETE FROM mails")

    def _prepare(self) -> None:
        with closing(self._open()) as box:
            box.execute("PRAGMA journal_mode=WAL")
            box.execute(TABLE)
            if box.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError

    def _set_aside(self) -> None:
        """Keep a file that cannot be read out of the way: mails are only caught here, and nobody waits for them."""
        for suffix in ("", "-wal", "-shm"):
            part = self._file.with_name(self._file.name + suffix)
            if part.exists():
                part.replace(part.with_name(f"unreadable-{part.name}"))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=10)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
