"""One connection of a client: a socket that never makes a thread wait, and a parser that reads from memory alone."""

from __future__ import annotations

import errno
import select
import socket
import struct
import time
from typing import Any

from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn

from webapp.edge.request_buffer import RequestBuffer

MAX_UNSENT_BYTES = 1024 * 1024
"""What a connection may hold of its answer; the thread sends the rest itself, and waits so long at most:"""
LARGE_ANSWER_SECONDS = 10.0


class PatientSocket(socket.socket):
    """A client's socket. What it does not take at once is kept in `unsent`, for whoever watches it to send later."""

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        self.unsent = bytearray()
        self.heard = bytearray()
        """The request that is being answered."""
        self.held_until = 0.0
        """Nothing is sent before; zero when nothing is held back."""

    def receive(self, most: int) -> bytes | None:
        """What is there, empty at the end of the connection, or None when nothing is there."""
        try:
            return self.recv(most, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None

    def sendall(self, data: Any, _flags: int = 0) -> None:
        """Send what goes out at once and keep the rest."""
        if self.unsent or self.held_until:
            self.unsent += data
        else:
            self.unsent += memoryview(data)[self._send(data) :]
        if len(self.unsent) > MAX_UNSENT_BYTES:
            self._send_waiting(time.monotonic() + LARGE_ANSWER_SECONDS)

    def send_kept(self) -> None:
        """Send some of what was kept."""
        sent = self._send(self.unsent)
        del self.unsent[:sent]

    def forget(self) -> None:
        """When closed, cut the connection off instead of delivering what the kernel still holds for the client."""
        self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _send(self, data: Any) -> int:
        try:
            return self.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def _send_waiting(self, until: float) -> None:
        watch = select.poll()
        watch.register(self, select.POLLOUT)
        while len(self.unsent) > MAX_UNSENT_BYTES:
            if not watch.poll(max(0.0, until - time.monotonic()) * 1000):
                raise BrokenPipeError(errno.EPIPE, "the client takes in nothing")
            self.send_kept()


class Received(Unreader):
    """What the parser reads: bytes that are here. It never waits for more, and remembers that it was asked for more."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.ran_out = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        self.ran_out = True
        return b""


class Connection(TConn):
    """A connection with the request that it is sending. `data_ready` tells gunicorn's code not to wait for bytes."""

    def __init__(self, cfg: Config, accepted: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, PatientSocket(accepted), client, server)  # type: ignore[no-untyped-call]
        self.parser: Any = None
        self.incoming = RequestBuffer(time.monotonic())
        self.data_ready = True
        self.deadline = 0.0

    def init(self) -> None:
        """Hand the request that came to the parser; called in a thread, for each request."""
        if self.parser is None:
            self.parser = get_parser(self.cfg, iter(()), self.client)
            self.parser.unreader = Received()
        self.sock.heard = self.incoming.data
        self.parser.unreader.unread(bytes(self.incoming.data))

    def reusable(self) -> bool:
        """Whether the next request begins where the last one ended."""
        return not self.parser.unreader.ran_out

    def expect_next(self) -> bytes:
        """Wait for the next request; returns what came of it already."""
        self.incoming = RequestBuffer(time.monotonic(), float(self.cfg.keepalive))
        return bytes(self.parser.unreader.take_buffered())
