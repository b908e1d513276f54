"""Words and addresses that are the same for every page of a language: made once, since a page asks for hundreds."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, ParamSpec

from flask import Flask, g, request, url_for
from flask_babel import get_locale
from jinja2 import pass_context
from jinja2.runtime import Context

P = ParamSpec("P")
KEPT = 4096


def cached_by_language(words: Callable[P, str]) -> Callable[P, str]:
    """For words that depend on nothing but their arguments and the reader's language: each is made once."""

    @lru_cache(maxsize=KEPT)
    def made(_locale: str, *given: Hashable) -> str:
        return words(*given)  # type: ignore[arg-type, call-arg]

    @wraps(words)
    def said(*given: P.args, **_named: P.kwargs) -> str:
        return made(locale_name(), *given)

    return said


def locale_name() -> str:
    """The language of this request with its country, looked up once."""
    if "locale_name" not in g:
        g.locale_name = str(get_locale())
    return str(g.locale_name)


def init_app(app: Flask) -> None:
    """Give templates the quick ways; they mean the same as Flask-Babel's and Flask's own."""
    quick = remembering(app.jinja_env.globals["gettext"])
    app.jinja_env.globals.update(_=quick, gettext=quick, static=static_address)


def remembering(look_up: Any) -> Callable[..., str]:
    """Jinja's own `gettext`, asked once for each language and text that has no values to put in."""
    found: dict[tuple[str, str], str] = {}

    @pass_context
    def translated(context: Context, text: str, **values: object) -> str:
        if values:
            said: str = look_up(context, text, **values)
            return said
        key = (locale_name(), text)
        if key not in found:
            found[key] = look_up(context, text)
        return found[key]

    quick: Callable[..., str] = translated
    return quick


def static_address(filename: str) -> str:
    """The address of a file of ours, with the hash of what is in it."""
    return _static_address(request.script_root, filename)


@lru_cache(maxsize=KEPT)
def _static_address(_root: str, filename: str) -> str:
    return url_for("static", filename=filename)
