"""Coming in by a mailed link: the administrator confirms, a coordinator joins, anybody asks for a fresh link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from webapp.core.links.fresh import send_fresh_link
from webapp.core.links.page import link_page
from webapp.core.permissions import requires
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.entry.links import CONFIRM, JOIN, EnrollmentLink
from webapp.enrollment.signing.link import SIGN

LINKS: Mapping[str, EnrollmentLink[Any, Any]] = {link.kind: link for link in (CONFIRM, JOIN, SIGN)}


@blueprint.route("/enrollment/confirm/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_CONFIRM)
def confirm(token: str) -> ResponseReturnValue:
    """Confirm the wish to enroll, with an account. Opening the page changes nothing."""
    return link_page(CONFIRM, token)


@blueprint.route("/enrollment/join/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_CONFIRM)
def join(token: str) -> ResponseReturnValue:
    """A coordinator accepts the invitation, with an account, and goes on to section B."""
    return link_page(JOIN, token)


@blueprint.post("/enrollment/<any(confirm, join, sign):kind>/<string:token>/fresh")
@requires(Permission.ENROLLMENT_CONFIRM)
def fresh_link(kind: str, token: str) -> ResponseReturnValue:
    """Send a fresh link to the address that the old one went to; answer alike, and as late, whether one is sent."""
    return send_fresh_link(LINKS[kind], token, url_for("enrollment.link_sent"))


@blueprint.get("/enrollment/link-sent")
@requires(Permission.ENROLLMENT_CONFIRM)
def link_sent() -> ResponseReturnValue:
    """Look into your mailbox for the fresh link."""
    return render_template("links/sent.html")
