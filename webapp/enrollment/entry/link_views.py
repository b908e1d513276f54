"""Coming in by a mailed link: the administrator confirms, a coordinator joins, anybody asks for a fresh link."""

from __future__ import annotations

import time

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.actors import link_holder
from models.domain.core.links import LinkPurpose
from models.domain.core.permissions import Permission
from models.queries.enrollment.links import Invitation, Start, find_invitation, find_start
from models.store.core.act import Act
from models.store.core.links import find_link, use_link
from models.store.enrollment.locations import join_location
from models.store.enrollment.start import confirm_enrollment
from webapp.core.forms.buttons import press_button
from webapp.core.forms.form import Form, form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.timing import wait_out
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.entry import fresh_links
from webapp.enrollment.entry.accounts import Door, door_form, door_of, enter
from webapp.enrollment.entry.link_pages import KINDS, dead_link, unknown_link, usable
from webapp.extensions import db


@blueprint.route("/enrollment/confirm/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_CONFIRM)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the wish to enroll, with an account. Opening the page changes nothing."""
    link = find_link(db.session(), token, LinkPurpose.CONFIRM_ENROLLMENT)
    start = find_start(db.session(), link.subject_id) if link else None
    if link is None or start is None:
        return unknown_link()
    door = door_of(start.email)
    form = door_form(door)
    answer = _confirm(form, door, start, token) if form.validate_on_submit() else None
    if answer is None and not usable(find_link(db.session(), token, link.purpose) or link):
        return dead_link("confirm", token, link, renewable=start.enrollment_id is None)
    return answer or form_page("enrollment/entry/confirm.html", form, door=door.value)


def _confirm(form: Form, door: Door, start: Start, token: str) -> Response | None:
    def do(act: Act) -> str:
        by = link_holder(use_link(act.session, token=token, purpose=LinkPurpose.CONFIRM_ENROLLMENT).link_id)
        account_id = enter(
            act.by_actor(by),
            door,
            form,
            email=start.email,
            name=start.name,
            language=start.language,
            organization=start.organization,
        )
        enrollment_id = confirm_enrollment(act.by_actor(by), start_id=start.start_id, account_id=account_id)
        return url_for("enrollment.application", enrollment_id=enrollment_id)

    return submit_form(form, do)


@blueprint.route("/enrollment/join/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_CONFIRM)
def join(token: str) -> ResponseReturnValue:
    """A coordinator accepts the invitation, with an account, and goes on to section B."""
    link = find_link(db.session(), token, LinkPurpose.JOIN_LOCATION)
    invitation = find_invitation(db.session(), link.subject_id) if link else None
    if link is None or invitation is None:
        return unknown_link()
    door = door_of(link.address)
    form = door_form(door)
    answer = _join(form, door, invitation, link.address, token) if form.validate_on_submit() else None
    if answer is None and not usable(find_link(db.session(), token, link.purpose) or link):
        return dead_link("join", token, link, renewable=fresh_links.renewable(link))
    return answer or form_page("enrollment/entry/join.html", form, door=door.value, invitation=invitation)


def _join(form: Form, door: Door, invitation: Invitation, address: str, token: str) -> Response | None:
    def do(act: Act) -> str:
        by = link_holder(use_link(act.session, token=token, purpose=LinkPurpose.JOIN_LOCATION).link_id)
        account_id = enter(
            act.by_actor(by),
            door,
            form,
            email=address,
            name=invitation.coordinator_name,
            language=invitation.language,
            organization=invitation.organization,
        )
        join_location(act.by_actor(by), section_id=invitation.section_id, account_id=account_id)
        return url_for("enrollment.application", enrollment_id=invitation.enrollment_id)

    return submit_form(form, do)


@blueprint.post("/enrollment/<any(confirm, join, sign):kind>/<string:token>/fresh")
@requires(Permission.ENROLLMENT_CONFIRM)
def fresh_link(kind: str, token: str) -> ResponseReturnValue:
    """Send a fresh link to the address that the old one went to; answer alike, and as late, whether one is sent."""
    began = time.monotonic()
    link = find_link(db.session(), token, KINDS[kind])
    if link is None:
        return unknown_link()
    answer = press_button(lambda act: fresh_links.send(act, link))
    wait_out(began)
    return answer


@blueprint.get("/enrollment/link-sent")
@requires(Permission.ENROLLMENT_CONFIRM)
def link_sent() -> ResponseReturnValue:
    """Look into your mailbox for the fresh link."""
    return render_template("enrollment/entry/link_sent.html")
