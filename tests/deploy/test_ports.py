"""Free ports."""

from __future__ import annotations

import socket

from deploy.local.ports import answers, free_ports, is_free, next_free


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_taken_port_is_skipped() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert answers(port)
        assert next_free(port) > port
    assert not answers(port)
