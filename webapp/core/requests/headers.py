"""The headers of every answer: content policy, framing, referrer, caching; and the hash in static addresses."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
CACHE_FOR_GOOD = "public, max-age=31536000, immutable"
CACHE_FOR_A_DAY = "public, max-age=86400"


def init_app(app: Flask) -> None:
    """Put the headers on every answer and a content hash into every static address."""
    app.after_request(add_headers)
    app.url_defaults(add_content_hash)


def add_headers(response: Response) -> Response:
    """Headers that need no thought from a view."""
    response.headers.update(ALWAYS)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    response.headers["Cache-Control"] = _cache_control(response)
    return response


def add_content_hash(endpoint: str, values: dict[str, Any]) -> None:
    """`/static/cvms.css?v=…`: a changed file has a new address, so the old one may be kept for good."""
    if endpoint == "static" and "filename" in values:
        path = Path(current_app.static_folder or "") / values["filename"]
        if path.is_file():
            values["v"] = _content_hash(path, path.stat().st_mtime_ns)


def _cache_control(response: Response) -> str:
    if request.endpoint != "static" or response.status_code >= 400:
        return "no-store"
    return CACHE_FOR_GOOD if "v" in request.args else CACHE_FOR_A_DAY


@lru_cache(maxsize=256)
def _content_hash(path: Path, changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
