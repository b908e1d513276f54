"""Forged forwarding headers, with and without proxies of our own (S12, ASVS 4.1.3)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from models.domain.core.client_addresses import client_address, parse_trusted_proxies
from models.domain.identity.lockout import TRIES_FROM_ONE_ADDRESS
from models.running.settings import UnsafeSettings, load_settings
from tests.site import web_app
from tests.webapp.accounts import post
from webapp.core.requests.proxies import peer_address

OURS = parse_trusted_proxies("10.0.0.0/8, 192.0.2.7, fd00::/8")
PROXY = "10.1.2.3"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("203.0.113.5", "10.1.2.3", "203.0.113.5"),
        (PROXY, "", PROXY),
        (PROXY, "203.0.113.5", "203.0.113.5"),
        (PROXY, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (PROXY, "10.9.9.9, 203.0.113.5", "203.0.113.5"),
        (PROXY, "203.0.113.5, 192.0.2.7", "203.0.113.5"),
        (PROXY, "198.51.100.1, 203.0.113.5, 192.0.2.7, 10.0.0.9", "203.0.113.5"),
        (PROXY, "203.0.113.5,,", PROXY),
        (PROXY, "203.0.113.5, unknown", PROXY),
        (PROXY, "'; DROP TABLE attempts", PROXY),
        (PROXY, "203.0.113.5:4711", PROXY),
        (PROXY, "x" * 60_000, PROXY),
        (PROXY, "10.0.0.8, 10.0.0.9", "10.0.0.8"),
        ("::ffff:10.1.2.3", "203.0.113.5", "203.0.113.5"),
        ("fd00::1", "2001:db8::9", "2001:db8::9"),
        ("", "203.0.113.5", ""),
    ],
)
def test_only_what_our_own_proxies_heard_is_believed(peer, forwarded, client):
    assert client_address(peer, forwarded, OURS) == client


@pytest.mark.parametrize("listed", ["0.0.0.0/0", "::/0", "10.0.0.1/8", "the proxy", "10.0.0.0/8; 10.1.0.0/16"])
def test_a_careless_list_of_proxies_stops_the_start(listed):
    with pytest.raises(UnsafeSettings, match="CVMS_TRUSTED_PROXIES"):
        load_settings({"CVMS_TRUSTED_PROXIES": listed})


def test_nobody_is_trusted_unless_named():
    assert load_settings({}).trusted_proxies == ()
    assert load_settings({"CVMS_TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8"}).trusted_proxies == (OURS[0], OURS[2])


@pytest.fixture
def behind_a_proxy(settings):
    with web_app(replace(settings, trusted_proxies=OURS)) as made:
        yield made


def counted(app, peer, forwarded):
    """The address that a brake would count for this request."""
    browser = app.test_client()
    with browser:
        browser.get(
            "/sign-in",
            environ_base={"REMOTE_ADDR": peer},
            headers={"X-Forwarded-For": forwarded, "X-Real-IP": "8.8.8.8", "Forwarded": "for=8.8.8.8"},
        )
        assert request.host == "localhost"
        return peer_address()


def test_behind_the_proxy_each_client_has_its_own_address(behind_a_proxy):
    assert counted(behind_a_proxy, PROXY, "203.0.113.5") == "203.0.113.5"
    assert counted(behind_a_proxy, PROXY, "1.1.1.1, 203.0.113.6") == "203.0.113.6"


def test_whoever_goes_around_the_proxy_is_not_believed(behind_a_proxy):
    assert counted(behind_a_proxy, "203.0.113.5", "1.1.1.1") == "203.0.113.5"


def test_without_trusted_proxies_the_header_is_not_read(app):
    assert counted(app, PROXY, "203.0.113.5") == PROXY


def test_all_addresses_of_one_line_with_ipv6_count_as_one(app):
    lines = {counted(app, f"2001:db8:1:2::{number:x}", "") for number in range(1, 20)}
    assert lines == {"2001:db8:1:2::/64"}
    assert counted(app, "2001:db8:1:3::1", "") != "2001:db8:1:2::/64"


def forget(client, peer, forwarded, number):
    client.environ_base.update(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    return post(client, "/account/forgot", email=f"person{number}@example.org").status_code


def test_the_brake_of_an_address_holds_behind_the_proxy_and_leaves_others_alone(behind_a_proxy, database, monkeypatch):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)
    from sqlalchemy import func, select

    from models.tables.core.messages import Message

    client = behind_a_proxy.test_client()
    answers = [forget(client, PROXY, f"9.9.9.{number}, 203.0.113.5", number) for number in range(22)]
    assert answers == [303] * 20 + [429] * 2
    assert forget(client, PROXY, "203.0.113.6", 99) == 303
    with database.owner_engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Message)) == 20 + 1


def test_the_limit_of_an_address_is_the_one_promised():
    assert TRIES_FROM_ONE_ADDRESS == 50
