"""Turning a queued message into a mail: a reviewed template, its values, plain text and simple HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from uuid import UUID

import yaml

from activities.core.mail_frame import Frame, frame_of, html_foot, html_head, text_foot, text_head
from activities.core.mail_headers import MAIL_POLICY
from models.domain.core.agency import Agency, in_language
from models.domain.core.identifiers import message_number
from models.domain.records.typed_text import clean_text
from models.queries.core.agency import demo_agency

TEMPLATES = Path(__file__).parents[2] / "models" / "reference" / "messages"
LAYOUT = "_layout"
FALLBACK_LANGUAGE = "en"
BUTTON = re.compile(r"->\s*(?P<label>[^|]+?)\s*\|\s*(?P<link>\S+)")
NAME = re.compile(r"[a-z][a-z0-9_]*")


class UnmailableAddress(Exception):
    """Nothing that a mail server takes as an address."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as its row has it. `secrets` are its opened secret values, `written_at` is when it was queued."""

    message_id: UUID
    template: str
    to_address: str
    language: str
    params: Mapping[str, str]
    secrets: Mapping[str, str]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the address of every mail, and the public address that links begin with.

    Only `production` mails name the real agency; all others say that they come from a demo.
    """

    address: str
    public_url: str
    production: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; with `link` it is a button."""

    text: str
    link: str | None = None


def render(envelope: Envelope, sender: Sender, agency: Agency | None = None) -> EmailMessage:
    """The mail. Raises `UnmailableAddress` for an address that cannot be one, `KeyError` for a missing value.

    `agency` is whose mail it is; without one it is the invented agency of a demo.

    Date and Message-ID come from the message's row, so a mail that is handed over twice is seen to be the same.
    Auto-Submitted (RFC 3834) keeps out-of-office notes away. There is no List-Unsubscribe (RFC 2369, RFC 8058):
    every mail here follows from something that its reader, or somebody at the reader's organization, has just
    done or has to do: a link that was asked for, a signature, a decision, a changed password. There is no list
    to leave, and a mail program's unsubscribe button would cut a signer off from the enrollment, or an owner
    from being warned about the account. Invitations sent to many will carry it.
    """
    language, words = _words(envelope.template, envelope.language)
    named = agency if agency and sender.production else demo_agency(envelope.written_at)
    values = _values(envelope, sender)
    subject = _fill(words["subject"], values)
    blocks = [_block(paragraph, values) for paragraph in _paragraphs(words["body"])]
    frame = frame_of(
        named,
        _words(LAYOUT, language)[1],
        language,
        why=_fill(words["why"], values),
        number=message_number(envelope.message_id),
        help_page=f"{sender.public_url}/help",
        demo=not sender.production,
    )
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["From"] = Address(in_language(named.sender, language), addr_spec=sender.address)
    mail["To"] = _recipient(envelope.to_address)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(envelope.written_at.astimezone(UTC))
    mail["Message-ID"] = f"<{envelope.message_id}@{_host(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(as_text(blocks, frame))
    mail.add_alternative(as_html(subject, blocks, frame, language), subtype="html")
    # Set last: headers of content move into the first part when the second is added.
    mail["Content-Language"] = language
    return mail


def as_text(blocks: list[Block], frame: Frame) -> str:
    """Paragraphs with blank lines between; a button is its label and, on its own line, its address."""
    parts = [f"{block.text}:\n{block.link}" if block.link else block.text for block in blocks]
    return "\n\n".join([text_head(frame), *parts, text_foot(frame)]) + "\n"


def as_html(subject: str, blocks: list[Block], frame: Frame, language: str) -> str:
    """A page without images, scripts or outside parts; every value is escaped."""
    body = "\n".join(_html_block(block) for block in blocks)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(subject)}</title>\n'
        '</head>\n<body style="margin:0;padding:24px 0;background:#f0f0f0;color:#1b1b1b;'
        "overflow-wrap:break-word;"
        'font:16px/1.5 sans-serif">\n'
        f"{html_head(frame)}\n"
        '<div style="max-width:600px;margin:0 auto;padding:24px;box-sizing:border-box;background:#fff">\n'
        f"{body}\n</div>\n{html_foot(frame)}\n</body>\n</html>\n"
    )


def _html_block(block: Block) -> str:
    text = html.escape(block.text).replace("\n", "<br>\n")
    if block.link is None:
        return f"<p>{text}</p>"
    link = html.escape(block.link, quote=True)
    style = "display:inline-block;padding:12px 20px;border-radius:4px;background:#005ea2;color:#fff;font-weight:bold"
    return (
        f'<p><a href="{link}" style="{style}">{text}</a></p>\n<p style="font-size:14px;word-break:break-all">{link}</p>'
    )


def _values(envelope: Envelope, sender: Sender) -> dict[str, str]:
    given = {**envelope.params, **envelope.secrets}
    values = {name: plain(str(value)) for name, value in given.items()}
    path = values.get("path", "/")
    return values | {"link": sender.public_url + (path if path.startswith("/") else f"/{path}")}


def plain(value: str) -> str:
    """A value on one line, of what can be seen: it can add neither a header nor a paragraph, nor turn a line around."""
    spaced = (" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in clean_text(value))
    return " ".join("".join(spaced).split())


def _block(paragraph: str, values: Mapping[str, str]) -> Block:
    """Templates are taken apart before values go in, so no value can make a button."""
    button = BUTTON.fullmatch(paragraph)
    if button is None:
        return Block(_fill(paragraph, values))
    return Block(_fill(button["label"], values), _fill(button["link"], values))


def _fill(text: str, values: Mapping[str, str]) -> str:
    return Template(text).substitute(values)


def _paragraphs(body: str) -> list[str]:
    """Paragraphs stand apart by blank lines; a button is a line of its own."""
    apart = re.sub(r"^(->.*)$", r"\n\1\n", body, flags=re.MULTILINE)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", apart) if part.strip()]


def _recipient(address: str) -> Address:
    try:
        local, _, domain = address.rpartition("@")
        made = Address(username=local, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, UnicodeError, IndexError) as error:
        raise UnmailableAddress from error
    if not local or not domain or any(ord(char) < 33 for char in address):
        raise UnmailableAddress
    return made


def _host(sender: Sender) -> str:
    return urlsplit(sender.public_url).hostname or "localhost"


def _words(template: str, language: str) -> tuple[str, Mapping[str, str]]:
    spoken = _template(template)
    chosen = language if language in spoken else FALLBACK_LANGUAGE
    return chosen, spoken[chosen]


@cache
def _template(name: str) -> Mapping[str, Mapping[str, str]]:
    if name != LAYOUT and not NAME.fullmatch(name):
        raise KeyError(name)
    path = TEMPLATES / f"{name}.yaml"
    if not path.is_file():
        raise KeyError(name)
    loaded: Mapping[str, Mapping[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
