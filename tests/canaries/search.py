"""Looks for canaries in bytes: as they are, decoded from base64, from URL and from JSON escapes."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){12,}")


def find(places: Mapping[str, bytes], canaries: Iterable[str]) -> list[str]:
    """Where which canary was found, as `place: canary`."""
    wanted = {canary: canary.casefold().encode() for canary in canaries}
    hits = []
    for place, content in places.items():
        shapes = [shape.lower() for shape in _shapes(content)]
        hits += [f"{place}: {name}" for name, value in wanted.items() if any(value in shape for shape in shapes)]
    return hits


def _shapes(content: bytes) -> Iterator[bytes]:
    yield content
    yield urllib.parse.unquote_to_bytes(content)
    yield content.replace(b"\\u0040", b"@").replace(b"\\/", b"/")
    yield b"\n".join(bytes.fromhex(match[0].decode()) for match in HEX.finditer(content))
    # A run of letters may begin anywhere before the encoded text: each of the four alignments is tried.
    for start in range(4):
        yield b"\n".join(_decoded(match[0][start:]) for match in BASE64.finditer(content))


def _decoded(run: bytes) -> bytes:
    plain = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(plain[: len(plain) // 4 * 4])
    except binascii.Error:
        return b""
