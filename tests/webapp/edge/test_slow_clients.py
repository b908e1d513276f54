"""Slow clients hold no thread (O1): pages keep their speed beside them, and what is whole is answered at once."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import statistics
import time

import pytest

from tests.slow_clients import HALF_BODY, HALF_HEADER, KINDS, UNREAD, drip, held, open_ones, page_seconds
from webapp.edge.connection import PatientSocket

HELD = 100
NOISE_SECONDS = 0.1
"""What a loaded machine adds to a page of a few milliseconds; without the edge a page takes ten seconds and more."""

pytestmark = pytest.mark.stack


def test_O1_pages_keep_their_speed_beside_a_hundred_half_headers_and_a_hundred_half_bodies(served):
    page_seconds(served.port, 20)
    idle = statistics.median(page_seconds(served.port, 30))
    with contextlib.ExitStack() as all_held:
        slow = [all_held.enter_context(held(served.port, sent, HELD)) for sent in KINDS.values()]
        for group in slow[:2]:
            drip(group)
        beside = statistics.median(page_seconds(served.port, 30))
        assert [open_ones(group) for group in slow] == [HELD] * len(slow)
    assert beside < 2 * idle + NOISE_SECONDS


def test_O1_a_request_that_comes_byte_by_byte_is_answered(served):
    body = b"csrf_token=x"
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n\r\n5\r\ncsrf_\r\n7\r\ntoken=x\r\n0\r\n\r\n"
    for rest in (b"Content-Length: %d\r\n\r\n" % len(body) + body, chunked):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as one:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in head + rest:
                one.send(bytes([byte]))
            assert one.recv(65536).startswith(b"HTTP/1.1 400 BAD REQUEST")


def test_requests_sent_in_one_go_are_answered_in_turn(served):
    asked = b"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as one:
        one.sendall(asked * 2 + last)
        assert everything(one).count(b"HTTP/1.1 200 OK") == 3


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(served):
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as one:
        one.sendall(head)
        assert one.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(b"a=b")
        assert one.recv(65536).startswith(b"HTTP/1.1 400 BAD REQUEST")


def test_a_large_answer_arrives_whole_however_slowly_it_is_read(served):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.settimeout(20)
        one.connect(("127.0.0.1", served.port))
        one.sendall(UNREAD)
        one.shutdown(socket.SHUT_WR)
        time.sleep(0.5)
        got = everything(one)
    answers = got.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert len(answers) == UNREAD.count(b"GET")
    assert len({answer.partition(b"\r\n\r\n")[2] for answer in answers}) == 1


def test_more_connections_than_there_is_room_for_do_not_lock_others_out(served):
    """Two processes of 400; the oldest of the address that has the most gives way."""
    with held(served.port, HALF_HEADER, 500), held(served.port, HALF_BODY, 500):
        assert max(page_seconds(served.port, 20)) < 2


def test_the_server_ends_in_time_beside_slow_clients_and_finishes_what_it_began(served):
    with held(served.port, HALF_HEADER, 20), held(served.port, b"", 20):
        time.sleep(0.3)
        began = time.monotonic()
        os.kill(served.process.pid, signal.SIGTERM)
        served.process.wait(10)
        assert time.monotonic() - began < 8
    assert served.process.returncode == 0


def everything(one: socket.socket) -> bytes:
    got = bytearray()
    while received := one.recv(65536):
        got += received
    return bytes(got)


def test_a_client_that_takes_in_nothing_is_cut_off_and_the_kernel_keeps_nothing_for_it():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(server.getsockname())
        ours = PatientSocket(server.accept()[0])
        while not ours.unsent:
            ours.sendall(b"a" * 100_000)
        assert open_ones([client]) == 1
        ours.forget()
        ours.close()
        assert open_ones([client]) == 0
