"""Puts the kill points into a worker or a web from outside: the product itself knows nothing of them.

Every change of the database goes through an SQLAlchemy session, so three of its events are the points:
`<activity, endpoint or loop>.before_effect`, `.before_commit` (everything is written) and `.before_answer`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from temporalio import activity

from tests.faults.kill_switch import Switch

BEFORE_EFFECT, BEFORE_COMMIT, BEFORE_ANSWER = "before_effect", "before_commit", "before_answer"
AFTER_ACCEPTANCE = "mail_sender.after_acceptance"
"""The mail server has taken a mail, and nothing of ours says so yet."""
TASK_TIMEOUT, STICKY_TIMEOUT = timedelta(seconds=2), timedelta(seconds=1)
"""How long a process waits for its dead worker: less than in the product, since here it dies some forty times."""
WROTE = "kill_points.wrote"
HAS_WRITTEN = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
Place = Callable[[], str | None]
"""The activity, endpoint or loop in whose name the current thread works."""


def install_in_worker(switch: Switch) -> None:
    """Every activity and every loop of a worker passes its points."""
    from activities.core.loops import mail_sender
    from workflows.engine import signals as signal_sender
    from workflows.engine import worker

    vars(signal_sender)["TASK_TIMEOUT"], vars(worker)["STICKY_TIMEOUT"] = TASK_TIMEOUT, STICKY_TIMEOUT

    watch_transactions(switch, place_in_worker, answers=True)
    hand_over = mail_sender.hand_over

    def hand_over_and_pass(*given: Any) -> Any:
        reply = hand_over(*given)
        if reply.accepted:
            switch.pass_point(AFTER_ACCEPTANCE)
        return reply

    vars(mail_sender)["hand_over"] = hand_over_and_pass


def install_in_web(switch: Switch) -> None:
    """Every POST of a web passes its points."""
    import webapp

    create_app = webapp.create_app

    def create_app_with_points(*given: Any) -> Flask:
        return watch_posts(switch, create_app(*given))

    vars(webapp)["create_app"] = create_app_with_points
    switch.current_act = act_in_web
    watch_transactions(switch, place_in_web, answers=False)


def watch_posts(switch: Switch, app: Flask) -> Flask:
    """Points around each view that answers a POST; before it everything of ours has let the request pass."""

    def begin() -> None:
        if request.method == "POST":
            switch.pass_point(f"{request.endpoint}.{BEFORE_EFFECT}")
            g.between_kill_points = True

    def end(answer: Response) -> Response:
        if g.pop("between_kill_points", False):
            switch.pass_point(f"{request.endpoint}.{BEFORE_ANSWER}")
        return answer

    app.before_request(begin)
    app.after_request(end)
    return app


def watch_transactions(switch: Switch, place: Place, *, answers: bool) -> None:
    """Points in every transaction. With `answers`, what is given back after a commit is the answer; a loop gives
    nothing back where it only looked.
    """

    def begun(session: Session, *_: object) -> None:
        if answers and (name := place()):
            switch.pass_point(f"{name}.{BEFORE_EFFECT}")

    def committing(session: Session) -> None:
        name = None if session.in_nested_transaction() else place()
        if name is None:
            return
        session.flush()
        session.info[WROTE] = session.execute(HAS_WRITTEN).scalar_one()
        if session.info[WROTE]:
            switch.pass_point(f"{name}.{BEFORE_COMMIT}")

    def committed(session: Session) -> None:
        answering = session.info.get(WROTE, False) or activity.in_activity()
        if answers and answering and not session.in_nested_transaction() and (name := place()):
            switch.pass_point(f"{name}.{BEFORE_ANSWER}")

    event.listen(Session, "after_begin", begun)
    event.listen(Session, "before_commit", committing)
    event.listen(Session, "after_commit", committed)


def place_in_worker() -> str | None:
    """The activity; the loop, by the name of its thread."""
    if activity.in_activity():
        return activity.info().activity_type
    name = threading.current_thread().name
    name = "relay" if name.startswith("relay") else name
    return LOOPS.get(name)


def place_in_web() -> str | None:
    """The endpoint of the POST whose view is at work."""
    if has_request_context() and g.get("between_kill_points", False):
        return request.endpoint
    return None


def act_in_web() -> str:
    """The key of the form that the current request sends; nothing that could break a line of the log."""
    key = request.form.get("form_token", "") if has_request_context() else ""
    return key if key.isalnum() else ""


LOOPS = {
    name: name.replace(" ", "_")
    for name in ("mail sender", "audit sealer", "session sweeper", "heartbeat", "relay", "census")
}
"""The threads beside the activities, by name, and what their points are called."""
