"""Reviewers of a bench run, with a browser that keeps its connection and does nothing but what is measured."""

from __future__ import annotations

import http.client
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
from sqlalchemy import Engine

from deploy.local.ports import HOST
from models.domain.core.permissions import Role
from models.domain.enrollment.kinds import Outcome, Team
from tests.faults.browser import PageForm, read_page
from tests.webapp.accounts import PASSWORD, code_now, make_account

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A review task that waits. `fields` are the names of the notes that its form has."""

    id: UUID
    entity_id: UUID
    fields: tuple[str, ...]


class KeptConnection:
    """One connection to a server of the run, kept open from request to request."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._http = http.client.HTTPConnection(HOST, port, timeout=30)
        self._headers = FORM | ({"Cookie": cookie} if cookie else {})

    def post(self, path: str, body: bytes) -> None:
        """Send a form and read the answer to its end; raises when it is not accepted."""
        try:
            status = self._send(path, body)
        except (ConnectionError, http.client.HTTPException):
            # The server ends connections that rest for two seconds; the same form is one act however often it is sent.
            self._http.close()
            status = self._send(path, body)
        if status != SEE_OTHER:
            raise RuntimeError(f"{path} was answered with {status}")

    def _send(self, path: str, body: bytes) -> int:
        self._http.request("POST", path, body, self._headers)
        answer = self._http.getresponse()
        answer.read()
        return answer.status


class Reviewer:
    """A signed-in reviewer, who recommends whatever task he or she is given."""

    def __init__(self, engine: Engine, port: int, name: str) -> None:
        email = f"{name}@state.example.org"
        make_account(engine, email, role=Role.REV, team=Team.ENROLLMENT, name=name)
        with httpx.Client(base_url=f"http://{HOST}:{port}", timeout=30) as browser:
            _sign_in(browser, email)
            self._csrf = read_page(browser.get("/tasks")).form("next").values["csrf_token"]
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self._connection = KeptConnection(port, cookie)

    def body(self, task: OpenTask) -> bytes:
        """The form of the task's page as a browser sends it: all notes empty, approval recommended."""
        values = {"csrf_token": self._csrf, "form_token": uuid4().hex, "version": "1", "reason": ""}
        return encoded(values | dict.fromkeys(task.fields, "") | {"outcome": Outcome.RECOMMENDED})

    def decide(self, task: OpenTask, body: bytes) -> None:
        """Press the button."""
        self._connection.post(f"/tasks/{task.id}/decide", body)


def bare_body() -> bytes:
    """The form of the bare page."""
    return encoded({"form_token": uuid4().hex, "outcome": Outcome.RECOMMENDED})


def encoded(values: Mapping[str, str]) -> bytes:
    """A form as a browser sends it."""
    return urllib.parse.urlencode(values).encode()


def _sign_in(browser: httpx.Client, email: str) -> None:
    page = read_page(browser.get("/sign-in"))
    answer = browser.post("/sign-in", data=_filled(page.form("sign-in"), email=email, password=PASSWORD))
    page = read_page(browser.get(answer.headers["location"]))
    answer = browser.post(page.url, data=_filled(page.form("second-factor"), code=code_now()))
    if not answer.is_redirect:
        raise RuntimeError(f"signing in was answered with {answer.status_code}")


def _filled(form: PageForm, **values: str) -> dict[str, str]:
    return form.values | values
