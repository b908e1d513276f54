"""The proxy of the fault runs does each harm that it is asked for, and none that it is not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import HOST, Harm, Proxy


class Echo(threading.Thread):
    """A server that answers each line with itself, and keeps what it got."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.heard = b""
        self.listening = socket.create_server((HOST, 0))

    @property
    def port(self) -> int:
        return self.listening.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                talk, _ = self.listening.accept()
            except OSError:
                return
            with talk:
                self._echo(talk)

    def _echo(self, talk: socket.socket) -> None:
        try:
            while data := talk.recv(1024):
                self.heard += data
                talk.sendall(data)
        except OSError:
            return


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    server.start()
    yield server
    server.listening.shutdown(socket.SHUT_RDWR)
    server.listening.close()
    server.join(2)


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as made:
        yield made


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, proxy.port), timeout=2) as made:
        yield made


def test_it_passes_on_what_it_gets_both_ways(client):
    for word in (b"one", b"two"):
        client.sendall(word)
        assert client.recv(100) == word


def test_a_swallowed_answer_leaves_the_request_done(proxy, echo, client):
    proxy.harm = Harm(swallow=lambda data: data == b"COMMIT")
    client.sendall(b"read")
    assert client.recv(100) == b"read"
    client.sendall(b"COMMIT")
    assert ended(client)
    assert echo.heard == b"readCOMMIT"
    assert (proxy.requests, proxy.swallowed) == (1, 1)


def test_of_many_answers_only_a_share_is_swallowed(proxy):
    proxy.harm = Harm(swallow=lambda _data: True, share=0.05)
    lost = sum(proxy.loses_answer_to(b"x") for _ in range(2000))
    assert 60 < lost < 140
    assert (proxy.requests, proxy.swallowed) == (2000, lost)


def test_it_can_be_slow(proxy, client):
    proxy.harm = Harm(latency=0.1)
    began = time.monotonic()
    client.sendall(b"x")
    assert client.recv(100) == b"x"
    assert time.monotonic() - began >= 0.2


def test_it_resets_after_so_many_bytes(proxy, echo, client):
    proxy.harm = Harm(reset_after=8)
    client.sendall(b"abc")
    assert client.recv(100) == b"abc"
    client.sendall(b"defgh")
    with pytest.raises(ConnectionResetError):
        read_to_the_end(client)
    assert echo.heard == b"abcde"[: len(echo.heard)]


def test_half_closed_the_answers_end_and_the_requests_still_pass(proxy, echo, client):
    proxy.harm = Harm(half_close=True)
    client.sendall(b"first")
    assert client.recv(100) == b"first"
    assert client.recv(100) == b""
    client.sendall(b"second")
    wait_until(lambda: echo.heard == b"firstsecond")


def test_it_refuses(proxy):
    proxy.harm = Harm(refuse=True)
    with pytest.raises(ConnectionResetError):
        connect_and_read(proxy.port)


def test_it_counts_how_many_connections_were_open_at_once(proxy, client):
    client.sendall(b"x")
    assert client.recv(100) == b"x"
    assert (proxy.open_now, proxy.most_open) == (1, 1)


def ended(talk: socket.socket) -> bool:
    try:
        return talk.recv(100) == b""
    except ConnectionError:
        return True


def connect_and_read(port: int) -> None:
    with socket.create_connection((HOST, port), timeout=2) as talk:
        talk.recv(100)


def read_to_the_end(talk: socket.socket) -> None:
    while talk.recv(100):
        pass


def wait_until(met) -> None:
    until = time.monotonic() + 2
    while not met():
        assert time.monotonic() < until
        time.sleep(0.01)
