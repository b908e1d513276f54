"""Who answers for this site: how to reach them, what data are kept, and how accessible the site is."""

from __future__ import annotations

from flask import Blueprint, render_template

from models.domain.core.permissions import Permission
from models.store.core.drafts import KEPT as DRAFTS_KEPT
from models.store.identity.attempts import KEPT as ATTEMPTS_KEPT
from webapp.core.permissions import requires

blueprint = Blueprint("statements", __name__)


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
