"""Counts every request by the rule of its route, for the metrics."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request

from models.running.metering import count_request

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def init_app(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(count)


def count(response: Response) -> Response:
    """A method or an address that we do not know is whatever somebody typed, so it is no label."""
    method = request.method if request.method in METHODS else "other"
    rule = request.url_rule.rule if request.url_rule else "none"
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    count_request(method=method, rule=rule, status=response.status_code, seconds=seconds)
    return response
