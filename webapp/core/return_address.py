"""Where a person goes after signing in: back to a page of our own site, and nowhere else (S25)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Request, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

LONGEST = 2_000


def own_page(address: str | None) -> str | None:
    """The address when it is a path of our own site, else None."""
    if not address or len(address) > LONGEST:
        return None
    for spelled in (address, unquote(address)):
        if not spelled.startswith("/") or spelled.startswith("//") or "\\" in spelled or not spelled.isprintable():
            return None
        if any(character.isspace() for character in urlsplit(spelled).path):
            return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None


def asked_page() -> str | None:
    """The page that this request wanted, as far as it can be opened again after signing in."""
    if "HX-Request" in request.headers:
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        return own_page(f"{current.path}?{current.query}" if current.query else current.path)
    if request.method not in {"GET", "HEAD"} and not _can_be_opened(request):
        return None
    return own_page(request.full_path if request.query_string else request.path)


def _can_be_opened(asked: Request) -> bool:
    try:
        current_app.create_url_adapter(asked).match(method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
