"""The headers of a mail in their canonical form: ASCII, short lines, and read back exactly as they were given.

The standard library refolds headers so that spaces between encoded words get lost, and takes what looks like an
encoded word for one. So the two kinds of header that hold other people's words are written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy
from itertools import groupby, pairwise
from typing import Any

LONGEST_LINE = 76
"""RFC 2047, section 2: a line with an encoded word has 76 characters at most."""
LONGEST_WORD = 75
_OPEN, _CLOSE = "=?utf-8?q?", "?="
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""What may stand as itself in an encoded word anywhere in a header (RFC 2047, section 5, rule 3)."""
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")


def encode_text(text: str, *, name: str) -> str:
    """A header's text as it is sent, after `name` and a colon: folded, ASCII, decoding to `text` exactly.

    Plain text goes as it is, where lines can be broken at its spaces; anything else goes wholly into encoded
    words, spaces and all, since those between two encoded words are not part of the text (RFC 2047, section 6.2).
    """
    first = LONGEST_LINE - len(name) - len(": ")
    if _is_plain(text):
        lines = list(_wrapped(text, first))
        if all(len(line) <= LONGEST_LINE for line in lines[1:]) and len(lines[0]) <= first:
            return "\r\n ".join(lines)
    return "\r\n ".join(_encoded_words(text, first))


def encode_address(address: Address, *, name: str) -> str:
    """An address with its display name, as it is sent; the name decodes to what it was."""
    if not address.display_name:
        return address.addr_spec
    lines = [""]
    for part in (*_phrase(address.display_name, LONGEST_LINE - len(f"{name}: ")), f"<{address.addr_spec}>"):
        room = LONGEST_LINE - (len(f"{name}: ") if len(lines) == 1 else 1)
        if lines[-1] and len(lines[-1]) + 1 + len(part) > room:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".lstrip()
    return "\r\n ".join(lines)


def _phrase(shown: str, first: int) -> Iterator[str]:
    """A display name in atoms and encoded words.

    Words that need it are encoded, neighbors among them together: many readers keep the space between two
    encoded words of a name, where they should not.
    """
    if not _is_plain(re.sub(r"[^ ]", "x", shown)):
        yield from _encoded_words(shown, first)
        return
    for encoded, group in groupby(shown.split(" "), key=lambda word: not _is_atom(word)):
        words = list(group)
        yield from _encoded_words(" ".join(words), first) if encoded else words


def _is_atom(word: str) -> bool:
    return _ATOM.fullmatch(word) is not None and "=?" not in word


def _is_plain(text: str) -> bool:
    """Printable ASCII with single spaces inside, and nothing that a reader takes for an encoded word."""
    return text.isascii() and text.isprintable() and text == text.strip(" ") and not {"  ", "=?"} & _pairs(text)


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text)}


def _wrapped(text: str, first: int) -> Iterator[str]:
    line, room = "", first
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > room:
            yield line
            line, room = word, LONGEST_LINE - 1
        else:
            line = f"{line} {word}" if line else word
    yield line


def _encoded_words(text: str, first: int) -> Iterator[str]:
    """The text in encoded words, none of which parts a character; the first has less room."""
    room = min(first, LONGEST_WORD) - len(_OPEN) - len(_CLOSE)
    word = ""
    for one in text:
        piece = _quoted_printable(one)
        if len(word) + len(piece) > room:
            yield f"{_OPEN}{word}{_CLOSE}"
            word, room = "", LONGEST_WORD - len(_OPEN) - len(_CLOSE)
        word += piece
    yield f"{_OPEN}{word}{_CLOSE}"


def _quoted_printable(one: str) -> str:
    if one == " ":
        return "_"
    return one if one in _SAFE else "".join(f"={byte:02X}" for byte in one.encode("utf-8", "replace"))


class TextHeader(BaseHeader):
    """A header whose text stays what it was given, whatever it looks like."""

    max_count = 1

    @classmethod
    def parse(cls, value: object, found: dict[str, Any]) -> None:
        UnstructuredHeader.parse("", found)
        found["decoded"] = str(value)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {encode_text(str(self), name=self.name)}{policy.linesep}"


class AddressHeader(TextHeader):
    """A header of one address, given as `Address`; its text is the address as people read it."""

    @classmethod
    def parse(cls, value: object, found: dict[str, Any]) -> None:
        super().parse(value, found)
        found["address"] = value

    def init(self, *args: Any, **rest: Any) -> None:
        self.address: Address = rest.pop("address")
        super().init(*args, **rest)

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {encode_address(self.address, name=self.name)}{policy.linesep}"


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("subject", TextHeader)
    for name in ("from", "to", "reply-to"):
        registry.map_to_type(name, AddressHeader)
    return registry


MAIL_POLICY = SMTP.clone(header_factory=_registry())
"""How the product's mails are written: CR LF, and the headers above."""
