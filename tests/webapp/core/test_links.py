"""What every page of a mailed link does alike: an unknown token says nothing, neither in words nor in time."""

from __future__ import annotations

import pytest
from flask import Flask

from webapp.core.links import fresh
from webapp.core.links.fresh import send_fresh_link
from webapp.enrollment.entry.link_views import LINKS

UNKNOWN = "x" * 43


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each answer that had to wait began."""
    found: list[float] = []
    monkeypatch.setattr(fresh, "wait_out", found.append)
    return found


@pytest.mark.parametrize("kind", LINKS)
def test_a_fresh_link_for_an_unknown_token_comes_as_late_as_for_a_known_one(
    app: Flask, waited: list[float], kind: str
) -> None:
    with app.test_request_context("/", method="POST"):
        assert send_fresh_link(LINKS[kind], UNKNOWN, "/sent").status_code == 404
    assert len(waited) == 1
