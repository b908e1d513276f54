"""A canary that is planted is found, however it is written."""

from __future__ import annotations

import base64
import json
import urllib.parse

import pytest

from tests.canaries.search import find

CANARY = "Zzcanary-5f1c@zz.example.org"


@pytest.mark.parametrize(
    "written",
    [
        CANARY.encode(),
        CANARY.upper().encode(),
        urllib.parse.quote(CANARY, safe="").encode(),
        json.dumps({"a": CANARY}).encode(),
        CANARY.encode().hex().encode(),
        b'{"data":"' + base64.b64encode(f'{{"name": "{CANARY}", "more": 1}}'.encode()) + b'"}',
        b"xy" + base64.urlsafe_b64encode(f"  {CANARY}   ".encode()),
    ],
)
def test_a_planted_canary_is_found(written):
    assert find({"a log": b"before " + written + b" after"}, [CANARY]) == [f"a log: {CANARY}"]


def test_nothing_is_found_where_nothing_is():
    assert find({"a log": b"before canary@zz.example.org after " * 50}, [CANARY]) == []
