"""What a client has sent of one request, and whether it is whole: where header and body end, and by when they must.

It only finds the end. What the bytes mean, and whether they are a request at all, gunicorn's parser decides.
"""

from __future__ import annotations

HEADER_SECONDS = 10.0
"""From the first byte to the end of the header; an open connection that sends nothing has as long."""
BODY_SECONDS = 20.0
BODY_BYTES_A_SECOND = 4096
"""A body has `BODY_SECONDS`, and a second more for each so many bytes that came: slow lines may be slow, not silent."""
MAX_HEADER_BYTES = 64 * 1024
MAX_BODY_BYTES = 1024 * 1024
"""What any form may hold; `MAX_CONTENT_LENGTH` of the app is the same."""
MAX_LINE = 8190
"""The longest line that is waited for: of a request, or of a chunk's size."""
MAX_DIGITS = 19
END = b"\r\n"
HEADER_END = b"\r\n\r\n"
URI_TOO_LONG, HEADER_TOO_LARGE, BODY_TOO_LARGE = 414, 431, 413


class TooLarge(Exception):
    """More than any request may hold; `status` is the answer to it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class RequestBuffer:
    """The bytes of one request. Times are seconds of the monotonic clock."""

    def __init__(self, began: float, patience: float = HEADER_SECONDS) -> None:
        self.data = bytearray()
        self.whole = False
        self.awaits_go_on = False
        """The client waits for `100 Continue` before it sends the body."""
        self.deadline = began + patience
        self._body_at = 0
        self._ends_at = 0
        self._next_chunk = 0

    @property
    def begun(self) -> bool:
        """Some of the request came, and some is missing."""
        return bool(self.data) and not self.whole

    def add(self, received: bytes, now: float) -> None:
        """Take in what came; raises `TooLarge`."""
        if not self.data:
            self.deadline = now + HEADER_SECONDS
        searched = max(0, len(self.data) - len(HEADER_END) + 1)
        self.data += received
        if not self._body_at:
            self._find_header_end(searched, now)
        if self._body_at and not self.whole:
            self._look_at_body(now, len(received))

    def _find_header_end(self, searched: int, now: float) -> None:
        at = self.data.find(HEADER_END, searched)
        if at > MAX_HEADER_BYTES or (at < 0 and len(self.data) > MAX_HEADER_BYTES):
            raise TooLarge(HEADER_TOO_LARGE if END in self.data[:MAX_LINE] else URI_TOO_LONG)
        if at < 0:
            return
        self._body_at = at + len(HEADER_END)
        self.deadline = now + BODY_SECONDS
        self._read_framing(bytes(self.data[:at]))

    def _read_framing(self, header: bytes) -> None:
        """How the body ends. A framing that is none, or that is two, is left to the parser, which refuses it."""
        lengths, codings = [], []
        for line in header.split(END)[1:]:
            name, _colon, value = line.partition(b":")
            name, value = name.lower(), value.strip(b" \t").lower()
            if name == b"content-length":
                lengths.append(value)
            elif name == b"transfer-encoding":
                codings.append(value)
            elif name == b"expect":
                self.awaits_go_on = value == b"100-continue"
        if codings == [b"chunked"] and not lengths:
            self._next_chunk = self._body_at
        elif len(lengths) == 1 and not codings and lengths[0].isdigit() and len(lengths[0]) <= MAX_DIGITS:
            self._ends_at = self._body_at + int(lengths[0])
        elif not codings and not lengths:
            self._ends_at = self._body_at
        else:
            self.whole = True

    def _look_at_body(self, now: float, received: int) -> None:
        if max(self._ends_at, len(self.data) if self._next_chunk else 0) - self._body_at > MAX_BODY_BYTES:
            raise TooLarge(BODY_TOO_LARGE)
        self.whole = self._last_chunk_came() if self._next_chunk else len(self.data) >= self._ends_at
        self.deadline += received / BODY_BYTES_A_SECOND

    def _last_chunk_came(self) -> bool:
        """Follow the size lines from chunk to chunk; a line that is none is left to the parser."""
        while True:
            end = self.data.find(END, self._next_chunk)
            if end < 0:
                return len(self.data) - self._next_chunk > MAX_LINE
            try:
                size = int(bytes(self.data[self._next_chunk : end]).partition(b";")[0], 16)
            except ValueError:
                return True
            if size <= 0:
                return size < 0 or self.data.find(HEADER_END, end) >= 0
            self._next_chunk = end + size + 2 * len(END)
            if self._next_chunk > len(self.data):
                return False
