"""Where a form comes from: one that another site sent is refused before any view (S23)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, abort, current_app, request

from webapp.core.permissions import SAFE_METHODS

OWN_SITES = frozenset({"same-origin", "none"})
"""What browsers say of our own pages, and of what a person began by hand."""
UNTOLD = "null"
"""Our policy `no-referrer` makes browsers send this as the origin of our own forms."""


def init_app(app: Flask) -> None:
    """Look at every request that may change something; the token of the form is checked besides."""
    app.before_request(refuse_other_sites)


def refuse_other_sites() -> None:
    """Answer 403 where Sec-Fetch-Site, Origin or Referer names another site; silence is no proof against it."""
    if request.method not in SAFE_METHODS and comes_from_elsewhere(request):
        abort(403)


def comes_from_elsewhere(asked: Request) -> bool:
    """Whether any of the three headers says that another site sent this."""
    headers = asked.headers
    if headers.get("Sec-Fetch-Site", "same-origin") not in OWN_SITES:
        return True
    named = [headers[name] for name in ("Origin", "Referer") if headers.get(name, UNTOLD) != UNTOLD]
    return any(not _is_ours(address, asked) for address in named)


def _is_ours(address: str, asked: Request) -> bool:
    """The public address, or the one that this browser opened (a tunnel, a name of this machine)."""
    try:
        named = urlsplit(address)
    except ValueError:
        return False
    public = urlsplit(current_app.config["SETTINGS"].public_url)
    if (named.scheme, named.netloc) == (public.scheme, public.netloc):
        return True
    return named.scheme in {"http", "https"} and named.netloc == asked.host
