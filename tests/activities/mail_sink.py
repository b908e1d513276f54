"""A small mail server for tests: keeps what it takes, and refuses, breaks off or goes away as told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP


class MailSink:
    """A server on a free port. `answer` may return another reply for a recipient or for the data."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.on_rcpt: Callable[[str], str] = lambda _address: "250 OK"
        self.on_data: Callable[[EmailMessage], str] = lambda _mail: "250 OK"
        self.drop_after_data = False
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._server: Any = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._open: set[SMTP] = set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def up(self) -> None:
        """Listen; on the same port after it was down."""
        self._do(self._listen())

    def down(self) -> None:
        async def close() -> None:
            if self._server is not None:
                self._server.close()
                await asyncio.sleep(0)

        self._do(close())

    def close(self) -> None:
        self.down()
        self._do(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        reply = self.on_rcpt(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        reply = self.on_data(mail)
        if reply.startswith("250"):
            self.mails.append(mail)
        if self.drop_after_data:
            self.drop_after_data = False
            server.transport.abort()
        return reply

    async def _listen(self) -> None:
        def connection() -> SMTP:
            self.connections += 1
            made = SMTP(self, hostname="sink", enable_SMTPUTF8=False, loop=self._loop)
            self._open.add(made)
            return made

        self._server = await self._loop.create_server(connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self) -> None:
        for each in self._open:
            if each.transport is not None:
                each.transport.abort()
            if each._handler_coroutine is not None:
                each._handler_coroutine.cancel()
        await asyncio.sleep(0.01)

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
