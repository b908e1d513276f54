"""The plain pages of links that do not work: unknown, used, replaced, too old."""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from models.domain.core.links import LinkPurpose
from models.store.core.links import FoundLink, LinkState
from webapp.core.forms.buttons import PressForm

GONE = 410
NOT_FOUND = 404
KINDS = {
    "confirm": LinkPurpose.CONFIRM_ENROLLMENT,
    "join": LinkPurpose.JOIN_LOCATION,
    "sign": LinkPurpose.SIGN_SECTION,
}


def unknown_link() -> Response:
    """The link is none of ours: mostly cut off by a mail program."""
    return make_response(render_template("enrollment/entry/link_unknown.html"), NOT_FOUND)


def dead_link(kind: str, token: str, link: FoundLink, *, renewable: bool) -> Response:
    """What became of the link; `renewable` offers to send a fresh one to the same address."""
    fresh = url_for("enrollment.fresh_link", kind=kind, token=token) if renewable else None
    return make_response(
        render_template(
            "enrollment/entry/link_over.html", state=link.state.value, kind=kind, fresh=fresh, form=PressForm()
        ),
        GONE,
    )


def usable(link: FoundLink) -> bool:
    return link.state is LinkState.USABLE
