"""Clients that hold connections and send next to nothing, and whether pages keep their speed meanwhile (O1).

`make slow-clients` runs it against a web app of its own: half-sent headers, half-sent bodies and answers nobody
takes in, until the server cuts them off.
"""

from __future__ import annotations

import contextlib
import select
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HALF_HEADER = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: a"
HALF_BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 200\r\n\r\nemail="
)
UNREAD = b"GET /static/vendor/uswds/css/uswds.min.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 8
KINDS = {"half a header": HALF_HEADER, "half a body": HALF_BODY, "answers nobody reads": UNREAD}
SMALL_BUFFER = 4096
LONGEST_HELD = 200.0


@contextlib.contextmanager
def held(port: int, sent: bytes, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that have sent just this."""
    opened = []
    try:
        for _ in range(count):
            slow = socket.socket()
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            slow.connect(("127.0.0.1", port))
            slow.sendall(sent)
            opened.append(slow)
        yield opened
    finally:
        for slow in opened:
            slow.close()


def drip(slow: list[socket.socket]) -> None:
    """One more byte from each that is still connected."""
    for one in slow:
        with contextlib.suppress(OSError):
            one.send(b"a", socket.MSG_DONTWAIT)


def open_ones(slow: list[socket.socket]) -> int:
    """How many the server has not cut off."""
    return sum(not _is_over(one) for one in slow)


def page_seconds(port: int, count: int = 100, path: str = "/") -> list[float]:
    """How long each of so many pages takes, over new connections."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            assert answer.status == 200
            answer.read()
        taken.append(time.perf_counter() - began)
    return taken


def _is_over(one: socket.socket) -> bool:
    watch = select.poll()
    watch.register(one, select.POLLIN | select.POLLRDHUP)
    return any(events & (select.POLLRDHUP | select.POLLHUP | select.POLLERR) for _fd, events in watch.poll(0))


def main() -> int:
    from tests.bench.stack import BenchStack

    slow_pages = 0
    with tempfile.TemporaryDirectory(prefix="cvms-slow-") as folder, BenchStack(Path(folder)) as stack:
        stack.web.start()
        stack.web.wait_ready()
        page_seconds(stack.web_port)
        idle = statistics.median(page_seconds(stack.web_port))
        print(f"idle: {idle * 1000:.1f} ms a page")
        for kind, sent in KINDS.items():
            slow_pages += _try(stack.web_port, kind, sent, idle)
    return 1 if slow_pages else 0


def _try(port: int, kind: str, sent: bytes, idle: float) -> int:
    with held(port, sent, 100) as slow:
        began = time.monotonic()
        median = statistics.median(page_seconds(port))
        longest = max(page_seconds(port))
        while open_ones(slow) and time.monotonic() < began + LONGEST_HELD:
            drip(slow if sent is not UNREAD else [])
            time.sleep(1)
        left, lasted = open_ones(slow), time.monotonic() - began
    print(f"100 times {kind}: {median * 1000:.1f} ms a page, the longest {longest * 1000:.1f} ms; ", end="")
    print(f"{left} still open after {lasted:.0f} s" if left else f"all cut off after {lasted:.0f} s")
    return int(median > 2 * idle or left > 0)


if __name__ == "__main__":
    sys.exit(main())
