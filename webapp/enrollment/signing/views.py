"""Signing by link; needs no account (E4)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from webapp.core.links.page import link_page
from webapp.core.permissions import requires
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.signing.link import SIGN


@blueprint.route("/enrollment/sign/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_SIGN_SECTION)
def sign(token: str) -> ResponseReturnValue:
    """Read the text and sign it. Opening the page changes nothing."""
    return link_page(SIGN, token)
