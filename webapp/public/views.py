"""The start page, the pages that say what is not open yet, and those that say who answers for this site."""

from __future__ import annotations

from flask import Blueprint, render_template

from models.domain.core.permissions import Permission
from models.store.core.drafts import KEPT as DRAFTS_KEPT
from models.store.identity.attempts import KEPT as ATTEMPTS_KEPT
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


@blueprint.get("/contact")
@requires(Permission.PUBLIC_PAGE_VIEW)
def contact() -> str:
    """The phone, when it is answered, and the email address where there is one."""
    return render_template("public/contact.html")


@blueprint.get("/privacy")
@requires(Permission.PUBLIC_PAGE_VIEW)
def privacy() -> str:
    """What is kept, why, how long, and who sees it; the same facts as docs/security.md."""
    return render_template(
        "public/privacy.html", drafts_kept_days=DRAFTS_KEPT.days, attempts_kept_days=ATTEMPTS_KEPT.days
    )


@blueprint.get("/accessibility")
@requires(Permission.PUBLIC_PAGE_VIEW)
def accessibility() -> str:
    """The standard that the site follows, and how to report a barrier."""
    return render_template("public/accessibility.html")
