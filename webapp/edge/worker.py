"""Gunicorn's threaded worker, but for waiting: the main loop takes in requests and sends answers, threads only work."""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import ThreadWorker

from webapp.core.errors import DATABASE_FAILURES
from webapp.edge.connection import Connection
from webapp.edge.holding import answering
from webapp.edge.refusals import RefusalPages
from webapp.edge.request_buffer import BODY_BYTES_A_SECOND, HEADER_TOO_LARGE, URI_TOO_LONG, RequestBuffer, TooLarge

RECEIVE_BYTES = 64 * 1024
SWEEP_SECONDS = 0.25
ANSWER_SECONDS = 20.0
"""How long an answer may take to be taken in, and a second more for each `BODY_BYTES_A_SECOND`."""
FAREWELL_SECONDS = 2.0
"""How long a connection is listened to after its last answer, so that what still comes does not cut the answer off."""
MAX_HELD_BYTES = 64 * 1024 * 1024
"""What the waiting connections of a process may hold together; above it, whoever holds most gives way."""
LAST_CALL_SECONDS = 1.0
"""How long a process that is ending waits for a request that may be on its way."""
MAX_HELD_ANSWERS = 100
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
BAD_REQUEST, TIMED_OUT, SERVER_ERROR, UNAVAILABLE = 400, 408, 500, 503
REFUSALS: dict[type[Exception], int] = {
    LimitRequestLine: URI_TOO_LONG,
    LimitRequestHeaders: HEADER_TOO_LARGE,
    ExpectationFailed: 417,
    UnsupportedTransferCoding: 501,
    InvalidResponseHeader: SERVER_ERROR,
    InvalidResponseHeaderName: SERVER_ERROR,
    ParseException: BAD_REQUEST,
    **dict.fromkeys(DATABASE_FAILURES, UNAVAILABLE),
}
"""What reaches us and what it is answered with; the first that fits, else 500."""


class PatientWorker(ThreadWorker):
    """A thread is taken for a request that is whole and given back before the answer is sent.

    Whoever is slow, with a header, a body or taking in an answer, waits in the main loop until a deadline. Where
    there are too many, the oldest connection of the address with the most of them gives way.
    """

    refusals = RefusalPages()

    @classmethod
    def check_config(cls, cfg: Config, log: Logger) -> None:
        if cfg.is_ssl:
            raise RuntimeError("TLS ends at the proxy in front of the web app")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.poller: Any = None
        self._watched: dict[Connection, None] = {}
        self._held: deque[tuple[Connection, bool]] = deque()
        self._next_sweep = 0.0
        self._last_call = float("inf")

    # Taking in

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, client = listener.accept()
        except OSError as problem:
            if problem.errno in {errno.EMFILE, errno.ENFILE}:
                self._make_room()
            elif problem.errno not in {errno.EAGAIN, errno.ECONNABORTED}:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._take_in(Connection(self.cfg, accepted, client, listener.getsockname()))

    def _take_in(self, conn: Connection, *_: object) -> None:
        try:
            received = conn.sock.receive(RECEIVE_BYTES)
        except OSError:
            received = b""
        if received == b"":
            self._drop(conn)
        else:
            self._add(conn, received or b"")

    def _add(self, conn: Connection, received: bytes) -> None:
        """What came of a request: work on it when it is whole, else wait for more."""
        try:
            if received:
                conn.incoming.add(received, time.monotonic())
        except TooLarge as refused:
            self._refuse(conn, refused.status, refused)
            return
        if conn.incoming.whole:
            self._forget(conn)
            self.enqueue_req(conn)  # type: ignore[no-untyped-call]
            return
        if conn.incoming.awaits_go_on:
            conn.incoming.awaits_go_on = False
            with contextlib.suppress(OSError):
                conn.sock.sendall(GO_ON)
        self._watch(conn, selectors.EVENT_READ, self._take_in, conn.incoming.deadline)

    # In a thread

    def handle(self, conn: Connection) -> Any:
        answering(conn)
        try:
            return super().handle(conn)  # type: ignore[no-untyped-call]
        finally:
            answering(None)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        req._expected_100_continue = False  # it was said in time
        return super().handle_request(req, conn)  # type: ignore[no-untyped-call]

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        kept = super()._keepalive_after(conn, keepalive)  # type: ignore[no-untyped-call]
        return bool(kept) and conn.reusable()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what is no request, or what failed outside of the app, with a page like any other."""
        status = next((code for kind, code in REFUSALS.items() if isinstance(exc, kind)), SERVER_ERROR)
        with contextlib.suppress(OSError):
            client.sendall(self.refusals.answer(status, exc, client.heard))

    # Sending

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """The thread is done: send what is left of the answer, then wait for the next request or take leave."""
        keep = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
        elif conn.sock.held_until:
            self._held.append((conn, keep))
        elif conn.sock.unsent:
            self._send_rest(conn, keep)
        else:
            self._after_answer(conn, keep)

    def _send_held(self, now: float) -> None:
        """What was held back long enough, and the oldest where too much is."""
        while self._held and (self._held[0][0].sock.held_until <= now or len(self._held) > MAX_HELD_ANSWERS):
            conn, keep = self._held.popleft()
            conn.sock.held_until = 0.0
            self._send_rest(conn, keep)

    def _send_rest(self, conn: Connection, keep: bool) -> None:
        seconds = ANSWER_SECONDS + len(conn.sock.unsent) / BODY_BYTES_A_SECOND
        self._watch(conn, selectors.EVENT_WRITE, partial(self._send, keep=keep), time.monotonic() + seconds)

    def _send(self, conn: Connection, *_: object, keep: bool) -> None:
        try:
            conn.sock.send_kept()
        except OSError:
            self._drop(conn)
            return
        if not conn.sock.unsent:
            self._after_answer(conn, keep)

    def _after_answer(self, conn: Connection, keep: bool) -> None:
        if keep:
            self._add(conn, conn.expect_next())
        else:
            self._take_leave(conn)

    def _refuse(self, conn: Connection, status: int, why: Exception) -> None:
        sent, conn.incoming = conn.incoming.data, RequestBuffer(0.0)
        try:
            conn.sock.sendall(self.refusals.answer(status, why, sent))
        except OSError:
            self._drop(conn)
        else:
            self._take_leave(conn)

    def _take_leave(self, conn: Connection) -> None:
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(conn)
        else:
            self._watch(conn, selectors.EVENT_READ, self._listen_out, time.monotonic() + FAREWELL_SECONDS)

    def _listen_out(self, conn: Connection, *_: object) -> None:
        try:
            gone = conn.sock.receive(RECEIVE_BYTES) == b""
        except OSError:
            gone = True
        if gone:
            self._drop(conn)

    # Who is watched, and for how long

    def _watch(self, conn: Connection, event: int, then: Callable[..., None], deadline: float) -> None:
        conn.deadline = deadline
        callback = partial(then, conn)
        if conn in self._watched:
            self.poller.modify(conn.sock, event, callback)
        else:
            self.poller.register(conn.sock, event, callback)
        self._watched[conn] = None

    def _forget(self, conn: Connection) -> None:
        if conn in self._watched:
            del self._watched[conn]
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        if conn.sock.fileno() < 0:
            return
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()  # type: ignore[no-untyped-call]

    def murder_pending(self) -> None:
        """Called by gunicorn's loop at every turn: end what is past its deadline, now and then."""
        now = time.monotonic()
        if now < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_SECONDS
        self._send_held(now if self.alive else float("inf"))
        if not self.alive:
            self._last_call = min(self._last_call, now + LAST_CALL_SECONDS)
        for conn in [conn for conn in self._watched if now >= self._until(conn)]:
            if conn.incoming.begun:
                self._refuse(conn, TIMED_OUT, TimeoutError())
            else:
                if conn.sock.unsent:
                    conn.sock.forget()
                self._drop(conn)
        while self._watched and self._held_bytes() > MAX_HELD_BYTES:
            self._drop(max(self._watched, key=_held))

    def _until(self, conn: Connection) -> float:
        """Its deadline; when the process is ending and the client is in the middle of nothing, soon."""
        idle = not conn.incoming.begun and not conn.sock.unsent
        return min(conn.deadline, self._last_call) if idle else conn.deadline

    def _held_bytes(self) -> int:
        return sum(map(_held, self._watched))

    def _make_room(self) -> None:
        """The oldest connection that waits, of the address that has the most of them, is closed."""
        if self._watched:
            [(busiest, _count)] = Counter(_address(conn) for conn in self._watched).most_common(1)
            self._drop(next(conn for conn in self._watched if _address(conn) == busiest))


def _held(conn: Connection) -> int:
    return len(conn.incoming.data) + len(conn.sock.unsent)


def _address(conn: Connection) -> str:
    return str(conn.client[0]) if conn.client else ""
