"""Public pages keep their speed during a storm of sign-ins at absent accounts, on the real server (O3)."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import re
import statistics
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.slow_clients import page_seconds
from tests.webapp.edge.test_slow_clients import NOISE_SECONDS
from webapp.edge.holding import HOLD_SECONDS

CLIENTS = 12
STORM_SECONDS = 6
FORM = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="(csrf_token|form_token)" value="([^"]*)"')

pytestmark = pytest.mark.stack


@contextlib.contextmanager
def signer(port: int) -> Iterator[Callable[[str], int]]:
    """A client with a form; sends it with an address and returns the status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    headers = {"Content-Type": FORM, "Cookie": (answer.headers["Set-Cookie"] or "").partition(";")[0]}
    tokens = dict(TOKEN.findall(answer.read().decode()))

    def send(email: str) -> int:
        form = {**tokens, "email": email, "password": "not the password at all"}
        line.request("POST", "/sign-in", urllib.parse.urlencode(form), headers)
        answer = line.getresponse()
        answer.read()
        return answer.status

    yield send
    line.close()


def storm(port: int, number: int, until: float, answers: Counter[int]) -> None:
    """One client that signs in at absent accounts as fast as it can, without regard for what it is told."""
    with signer(port) as send:
        for attempt in itertools.count():
            if time.monotonic() > until:
                return
            answers[send(f"nobody{number}x{attempt}@example.org")] += 1


def test_O3_public_pages_keep_their_speed_during_a_storm_of_sign_ins(served):
    page_seconds(served.port, 20)
    idle = statistics.median(page_seconds(served.port, 30))
    answers: Counter[int] = Counter()
    until = time.monotonic() + STORM_SECONDS
    stormers = [threading.Thread(target=storm, args=(served.port, n, until, answers)) for n in range(CLIENTS)]
    for one in stormers:
        one.start()
    time.sleep(1)
    seconds = page_seconds(served.port, 60)
    for one in stormers:
        one.join()
    during = statistics.median(seconds)
    print(f"idle {idle * 1000:.1f} ms, during {during * 1000:.1f} ms, longest {max(seconds) * 1000:.0f} ms, {answers}")
    assert during < 2 * idle + NOISE_SECONDS
    assert answers[429] > 0
    assert set(answers) <= {422, 429}


def test_whoever_is_told_to_wait_is_told_a_second_late_while_others_are_answered(served):
    statuses: list[int] = []
    with signer(served.port) as send:
        assert [send("nobody@example.org") for _ in range(5)] == [422] * 5
        began = time.monotonic()
        waiting = threading.Thread(target=lambda: statuses.append(send("nobody@example.org")))
        waiting.start()
        page_seconds(served.port, 10)
        waiting.join()
    assert time.monotonic() - began >= HOLD_SECONDS
    assert statuses == [429]
