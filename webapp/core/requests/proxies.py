"""The client's address behind the operator's proxies; without trusted ones the peer of the connection counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, request

from models.domain.core.client_addresses import Network, client_address, counted_address
from models.running.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def init_app(app: Flask) -> None:
    """Put the address right before anything reads it. Host and scheme are never taken from a header."""
    settings: Settings = app.config["SETTINGS"]
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]


def peer_address() -> str:
    """The address that a brake counts: the connection's, or the one that trusted proxies name."""
    return counted_address(request.remote_addr or "")


class TrustedProxies:
    """Writes into REMOTE_ADDR whom the trusted proxies heard."""

    def __init__(self, inner: WSGIApplication, trusted: tuple[Network, ...]) -> None:
        self.inner = inner
        self.trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
        environ["REMOTE_ADDR"] = client_address(environ.get("REMOTE_ADDR", ""), forwarded, self.trusted)
        return self.inner(environ, start_response)
