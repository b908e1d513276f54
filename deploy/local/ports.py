"""Free ports of this machine."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing

HOST = "127.0.0.1"
LAST_PORT = 65535


def free_ports(count: int) -> list[int]:
    """As many different free ports as asked for; all are held until the last is found."""
    with ExitStack() as held:
        return [_any_port(held) for _ in range(count)]


def _any_port(held: ExitStack) -> int:
    listener = held.enter_context(closing(socket.socket()))
    listener.bind((HOST, 0))
    return int(listener.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nothing listens on the port, on either address that `localhost` may mean."""
    return _can_bind(socket.AF_INET, HOST, port) and (not _has_ipv6() or _can_bind(socket.AF_INET6, "::1", port))


def _has_ipv6() -> bool:
    return socket.has_ipv6 and _can_bind(socket.AF_INET6, "::1", 0)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    with closing(socket.socket(family)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def next_free(wanted: int) -> int:
    """The wanted port, or the first free one after it."""
    for port in range(wanted, LAST_PORT + 1):
        if is_free(port):
            return port
    raise RuntimeError(f"No port from {wanted} on is free.")


def answers(port: int) -> bool:
    """Whether something accepts connections on the port."""
    try:
        with socket.create_connection((HOST, port), timeout=0.5):
            return True
    except OSError:
        return False
