"""Which address a request comes from: whose word about it is believed, and what a brake counts as one."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
IPV6_LINE = 64


def parse_trusted_proxies(listed: str) -> tuple[Network, ...]:
    """Networks from a list with commas, as `10.0.0.0/8, 192.0.2.7`; raises ValueError for what is none.

    A network of every address is refused: with it anybody could write down any address.
    """
    networks = tuple(ip_network(part.strip()) for part in listed.split(",") if part.strip())
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("a network of every address would believe everybody")
    return networks


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """Where a request comes from: the peer, or what a chain of trusted proxies says.

    `forwarded` is X-Forwarded-For, to which each proxy appends whom it heard: so it is read from the
    right, and the first address that is none of our proxies counts. What stands left of it was written
    by that client, and is not read. Where an entry is no address the last trusted one stands.
    """
    found = _address(peer)
    if found is None or not _believed(found, trusted):
        return peer
    for entry in reversed(forwarded.split(",")):
        address = _address(entry.strip())
        if address is None:
            break
        found = address
        if not _believed(address, trusted):
            break
    return str(found)


def counted_address(address: str) -> str:
    """What a brake counts as one: a line with IPv6 has 2^64 addresses of its own, so all of its /64 network."""
    found = _address(address)
    return str(ip_network((found, IPV6_LINE), strict=False)) if isinstance(found, IPv6Address) else address


def _believed(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
