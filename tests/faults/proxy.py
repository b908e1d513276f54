"""A TCP proxy that does harm: it swallows answers, is slow, resets, half-closes or refuses."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

HOST = "127.0.0.1"
CHUNK = 65_536
ANSWER_TAKES_AT_MOST = 5.0
"""How long a swallowed answer is waited for, so that the server has done what it was asked for."""


@dataclass(slots=True)
class Harm:
    """What the proxy does to its connections from now on; as it is made, it only passes bytes on.

    `swallow` says of the bytes on their way to the server whether they are a request whose answer may be lost,
    and `share` is how many of these answers are. The count of bytes for `reset_after` holds for both directions.
    """

    swallow: Callable[[bytes], bool] | None = None
    share: float = 1.0
    latency: float = 0.0
    reset_after: int | None = None
    half_close: bool = False
    refuse: bool = False


class Proxy:
    """Stands on a free port before `port`. A context manager starts and stops it; `harm` may change at any time."""

    def __init__(self, port: int, *, seed: int = 0, harm: Harm | None = None) -> None:
        self.harm = harm or Harm()
        self.requests = self.swallowed = self.open_now = self.most_open = 0
        self._target = port
        self._chance = random.Random(seed)  # a schedule, not a secret
        self._listening = socket.create_server((HOST, 0), backlog=256)
        self.port: int = self._listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._ways: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, sock=self._listening)).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._hang_up()).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._listening.close()
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if self.harm.refuse:
            reset(client)
            return
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, client)
        client.transport.abort()
        self.open_now -= 1

    async def _connect(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(HOST, self._target)
        talk = _Talk(self, client, server)
        ways = {asyncio.create_task(talk.ask(reader)), asyncio.create_task(talk.answer(answers))}
        self._ways |= ways  # the loop itself holds its tasks only weakly
        try:
            await asyncio.gather(*ways)
        finally:
            for way in ways:
                way.cancel()
            self._ways -= ways
            server.transport.abort()

    def loses_answer_to(self, request: bytes) -> bool:
        """Whether the answer to these bytes is one of those that are lost."""
        if self.harm.swallow is None or not self.harm.swallow(request):
            return False
        self.requests += 1
        lost = self._chance.random() < self.harm.share
        self.swallowed += lost
        return lost

    async def _hang_up(self) -> None:
        self._server.close()
        await asyncio.sleep(0)
        others = [task for task in asyncio.all_tasks(self._loop) if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)


class _Talk:
    """One connection through the proxy, both ways."""

    def __init__(self, proxy: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._passed = 0
        self._losing = asyncio.Event()

    async def ask(self, reader: asyncio.StreamReader) -> None:
        """From the client to the server."""
        while data := await reader.read(CHUNK):
            if not self._losing.is_set() and self._proxy.loses_answer_to(data):
                self._losing.set()
                asyncio.get_running_loop().call_later(ANSWER_TAKES_AT_MOST, self._client.transport.abort)
            await self._pass_on(self._server, data)
        self._server.write_eof()

    async def answer(self, reader: asyncio.StreamReader) -> None:
        """From the server to the client; a lost answer is read, thrown away, and ends the connection."""
        while data := await reader.read(CHUNK):
            if self._losing.is_set():
                raise ConnectionAbortedError
            await self._pass_on(self._client, data)
            if self._proxy.harm.half_close:
                self._client.write_eof()
                return
        raise ConnectionAbortedError

    async def _pass_on(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        harm = self._proxy.harm
        if harm.latency:
            await asyncio.sleep(harm.latency)
        if harm.reset_after is not None and self._passed + len(data) > harm.reset_after:
            writer.write(data[: max(0, harm.reset_after - self._passed)])
            await writer.drain()
            reset(self._client)
            raise ConnectionResetError
        self._passed += len(data)
        writer.write(data)
        await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """Break a connection off with a reset in place of an orderly end."""
    own: socket.socket = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    writer.transport.abort()
