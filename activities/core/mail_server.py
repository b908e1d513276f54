"""The door to the mail server: SMTP in plain, over TLS, or upgraded to TLS."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from models.domain.core.mail.replies import SmtpStage, address_is_dead

TIMEOUT = 10.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class MailServerDown(Exception):
    """The server does not answer, or wants nothing from us: no fault of any message."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `sender` is the address that it is sent from, None when the URL names none."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = None
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered, or how the talk broke off (code None); `for_good` when the address is dead."""

    accepted: bool
    code: int | None
    text: str
    for_good: bool = False


def mail_server(url: str) -> MailServer:
    """The server of an address `smtp|smtps|smtp+starttls://[user:password@]host[:port][?from=address]`."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("CVMS_SMTP_URL must be smtp://, smtps:// or smtp+starttls:// with a host")
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        sender=next(iter(parse_qs(parts.query).get("from", ())), None),
    )


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A connection, signed in where the address says so. Raises `MailServerDown`."""
    try:
        smtp = _open(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(type(error).__name__) from error
    try:
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _open(server: MailServer) -> smtplib.SMTP:
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    if server.scheme == "smtp+starttls":
        smtp.starttls(context=ssl.create_default_context())
    if server.user is not None:
        smtp.login(server.user, server.password or "")
    return smtp


def hand_over(smtp: smtplib.SMTP, mail: EmailMessage) -> Reply:
    """Hand one mail over. Only an answer that speaks of its recipient is for good (`address_is_dead`)."""
    try:
        smtp.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = next(iter(refused.recipients.values()))
        return _refused(SmtpStage.RECIPIENT, code, text)
    except smtplib.SMTPNotSupportedError:
        # Raised before anything is said, when an address is not ASCII: for good only where that is the recipient's.
        for_good = not str(mail["To"]).isascii()
        return Reply(accepted=False, code=None, text="the server takes no such address", for_good=for_good)
    except smtplib.SMTPDataError as refused:
        return _refused(SmtpStage.DATA, refused.smtp_code, refused.smtp_error)
    except smtplib.SMTPResponseException as refused:
        return _refused(SmtpStage.MAIL, refused.smtp_code, refused.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Reply(accepted=False, code=None, text=type(error).__name__)
    return Reply(accepted=True, code=250, text="accepted")


def _refused(stage: SmtpStage, code: int, said: bytes | str) -> Reply:
    text = _readable(said)
    return Reply(accepted=False, code=code, text=text, for_good=address_is_dead(stage, code, text))


def _readable(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
