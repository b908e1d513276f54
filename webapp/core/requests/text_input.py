"""Input that is no input: broken UTF-8, NUL or one field twice is 400, a path with `//` is 404, before any view."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from flask import Flask, Request, abort, request
from werkzeug.datastructures import MultiDict

from webapp.configuration import MAX_FORM_BYTES, MAX_FORM_PARTS
from webapp.core.forms.form import may_repeat

URLENCODED = "application/x-www-form-urlencoded"


def init_app(app: Flask) -> None:
    """Look at every request's text before it is used."""
    app.before_request(refuse_broken_text)
    app.before_request(refuse_double_slashes)
    app.before_request(refuse_repeated_fields)


def refuse_broken_text() -> None:
    """Answer 400 where path, query or form hold bytes that are no text, 413 where a form is endless."""
    texts = [request.environ.get("PATH_INFO", "").encode("latin-1"), unquote_to_bytes(request.query_string)]
    if request.mimetype == URLENCODED:
        body = request.get_data()
        if len(body) > MAX_FORM_BYTES or body.count(b"&") >= MAX_FORM_PARTS:
            abort(413)
        texts.append(unquote_to_bytes(body))
    if not all(_is_text(text) for text in texts) or _broken_parts(request):
        abort(400)


def refuse_double_slashes() -> None:
    """Answer 404: Werkzeug would open the page of the path without them, or redirect to it on the request's host."""
    if "//" in request.environ.get("PATH_INFO", ""):
        abort(404)


def refuse_repeated_fields() -> None:
    """Answer 400 where a name stands twice in the form or the query: nobody knows which of the two is meant."""
    if _repeated(request.args) or _repeated(request.form) - may_repeat:
        abort(400)


def _repeated(fields: MultiDict[str, str]) -> set[str]:
    return {name for name, values in fields.lists() if len(values) > 1}


def _is_text(raw: bytes) -> bool:
    if b"\x00" in raw:
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _broken_parts(sent: Request) -> bool:
    """Werkzeug has already decoded a multipart form and put U+FFFD where the bytes were broken."""
    if sent.mimetype != "multipart/form-data":
        return False
    return any("\x00" in text or "\ufffd" in text for pair in sent.form.items(multi=True) for text in pair)
