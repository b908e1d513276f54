"""The start page and the two pages that say plainly what is not open yet."""

from __future__ import annotations

from flask import Blueprint, render_template

from models.domain.core.permissions import Permission
from webapp.core.permissions import requires

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@requires(Permission.PUBLIC_PAGE_VIEW)
def start() -> str:
    """What a person can do here, and when somebody answers the telephone."""
    return render_template("public/start.html")


@blueprint.get("/vaccine-information")
@requires(Permission.PUBLIC_PAGE_VIEW)
def vaccine_information() -> str:
    """Where recipients will find their record, and where they find it until then."""
    return render_template("public/vaccine_information.html")


@blueprint.get("/help")
@requires(Permission.PUBLIC_PAGE_VIEW)
def help_page() -> str:
    """Whom to call, and what to have at hand."""
    return render_template("public/help.html")
