"""The browser in front of us: its name in the list of sessions, and whether the account knows it."""

from __future__ import annotations

from flask import Response, current_app, request

DEVICE_COOKIE = "cvms_device"
COOKIE_SECONDS = 400 * 24 * 3600
LONGEST_TOKEN = 100
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name() -> str:
    """The browser and its system in two words, for a person's list of sessions."""
    agent = request.user_agent.string
    names = [next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " ".join(filter(None, names))


def device_token() -> str | None:
    """The random token of a browser that has signed in before."""
    token = request.cookies.get(_cookie(), "")
    return token if 0 < len(token) <= LONGEST_TOKEN else None


def keep_device_token(response: Response, token: str) -> None:
    """Let the browser be known again."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _cookie(), token, max_age=COOKIE_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def _cookie() -> str:
    return f"__Host-{DEVICE_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else DEVICE_COOKIE
