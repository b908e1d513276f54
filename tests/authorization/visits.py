"""Asking: one request as one person, and what the answer was."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.authorization.cells import Cell
from tests.authorization.oracle import NOT_SIGNED_IN, Verdict
from tests.authorization.people import Who, with_session
from tests.authorization.world import MALFORMED, World
from webapp.core.session import SALT

TYPED = {
    "confirmed": "y", "declared": "y", "reason": "Because it is asked for.", "note": "No.", "version": "1",
    "outcome": "approved", "language": "es", "name": "Mallory", "then": "later", "due_on": "2030-01-01",
    "password": "seven quiet herons wading", "typed_name": "Carla Núñez",
    "email": "mallory@state.example", "seats": "ADM:", "seat": "ADM:",
    "coordinator_name": "Mallory Fox", "coordinator_email": "mallory@elsewhere.example",
}  # fmt: skip
"""What a form of any route may ask for, so that a missing check would let the act be done."""


class Visitor:
    """Sends requests as one person, with the cookie and the token against forged forms that he or she has."""

    def __init__(self, app: Flask, world: World, who: Who) -> None:
        self.app, self.world, self.who = app, world, who
        self.client = FlaskClient(app, app.response_class, use_cookies=False)
        self.refusals: Counter[tuple[str, str]] = Counter()

    def ask(self, cell: Cell, *, typed: dict[str, str] | None = None, json: bool = False) -> TestResponse:
        """The answer. A refused form is sent whole, an allowed one without what makes it valid."""
        headers = {"Cookie": f"cvms={self._cookie()}", **({"Accept": "application/json"} if json else {})}
        data = None
        if cell.method != "GET":
            data = {"csrf_token": self._csrf(), **(self._form(cell) if typed is None else typed)}
        answer = self.client.open(cell.address, method=cell.method, data=data, headers=headers, buffered=True)
        if answer.status_code in {403, 404} and self._leaves_a_trace(cell):
            self.refusals[cell.rule, cell.permission] += 1
        if "Clear-Site-Data" in answer.headers and self.who.account:
            self.who = with_session(self.world.database, self.who, self.who.proof)
        return answer

    def _leaves_a_trace(self, cell: Cell) -> bool:
        """Refusals of people are written down; an address that no route has refuses nothing."""
        malformed = cell.thing is not None and cell.thing.kind == MALFORMED
        return self.who.proof not in NOT_SIGNED_IN and not malformed

    def _form(self, cell: Cell) -> dict[str, str]:
        return {"form_token": "-"} if cell.expected is Verdict.ALLOWED else {"form_token": uuid4().hex, **TYPED}

    def _csrf(self) -> str:
        signed = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(self.who.csrf)
        return str(signed)

    def _cookie(self) -> str:
        if self.who.sid:
            return self.who.sid
        return str(URLSafeSerializer(str(self.app.secret_key), salt=SALT).dumps({"csrf_token": self.who.csrf}))
