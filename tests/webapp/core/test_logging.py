"""Log lines: one JSON object each, by route, without anything personal."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from models.running.log_lines import describe_failure
from webapp.core.logging import configure


@pytest.fixture
def lines(app):
    """The log lines of the requests that a test makes, through the handler of the product."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    made = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
    )
    handler.setFormatter(made)
    logger = logging.getLogger("webapp")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_request_is_one_line_by_its_route(own_app, lines):
    @own_app.route("/link/<token>")
    def link(token):
        return ""

    response = own_app.test_client().get("/link/Zzcanary?name=Zzcanary")
    (line,) = lines()
    assert line["rule"] == "/link/<token>"
    assert (line["method"], line["status"]) == ("GET", 200)
    assert line["id"] == response.headers["X-Request-ID"]
    assert "Zzcanary" not in json.dumps(line)


def test_an_unknown_address_is_not_written_down(client, lines):
    client.get("/Zzcanary\r\nforged")
    assert "Zzcanary" not in json.dumps(lines())


def test_a_failure_is_told_by_type_and_place_and_not_by_its_words(own_app, lines):
    own_app.config["PROPAGATE_EXCEPTIONS"] = False

    @own_app.route("/bug")
    def bug():
        raise ValueError("Zzcanary")

    own_app.test_client().get("/bug")
    failure = next(line for line in lines() if line["event"] == "failure")
    assert failure["error"] == "ValueError"
    assert any("test_logging.py" in frame for frame in failure["frames"])
    assert "Zzcanary" not in json.dumps(failure)


def test_an_event_without_a_failure_is_left_alone():
    assert describe_failure(None, "info", {"event": "x"}) == {"event": "x"}


def test_setting_it_up_twice_is_harmless():
    configure()
    configure()
