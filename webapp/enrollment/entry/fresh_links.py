"""A fresh link in place of one that is over: only to the address of the old one, braked, and only while it helps."""

from __future__ import annotations

from flask import url_for

from models.domain.core.actors import link_holder
from models.domain.core.links import LinkPurpose
from models.domain.core.violations import RuleViolation
from models.queries.enrollment.links import find_invitation, find_start, find_text_to_sign
from models.store.core.act import Act
from models.store.core.links import FoundLink
from models.store.enrollment.signatures import resend_invitation, resend_signature_link
from models.store.enrollment.start import begin_enrollment
from models.store.identity.attempts import brake
from webapp.core.proxies import peer_address
from webapp.extensions import db

ACTION = "enrollment.fresh_link"
SENT_JUST_NOW = "sent_just_now"


def renewable(link: FoundLink) -> bool:
    """Whether a fresh link would lead anywhere."""
    session = db.session()
    if link.purpose is LinkPurpose.CONFIRM_ENROLLMENT:
        start = find_start(session, link.subject_id)
        return start is not None and start.enrollment_id is None
    if link.purpose is LinkPurpose.JOIN_LOCATION:
        invitation = find_invitation(session, link.subject_id)
        return invitation is not None and invitation.waiting and invitation.email == link.address
    text = find_text_to_sign(session, link.subject_id)
    return text is not None and text.open and text.signed_at is None


def send(act: Act, link: FoundLink) -> str:
    """Send it, unless that would not help or was done too often; always the same answer."""
    allowed = brake(act.session, action=ACTION, subject=str(link.subject_id), address=peer_address())
    if allowed and renewable(link):
        try:
            _send(act.by_actor(link_holder(link.link_id)), link)
        except RuleViolation as refused:
            if refused.code != SENT_JUST_NOW:
                raise
    return url_for("enrollment.link_sent")


def _send(act: Act, link: FoundLink) -> None:
    if link.purpose is LinkPurpose.JOIN_LOCATION:
        resend_invitation(act, section_id=link.subject_id)
    elif link.purpose is LinkPurpose.SIGN_SECTION:
        resend_signature_link(act, signature_id=link.subject_id)
    else:
        _begin_again(act, link)


def _begin_again(act: Act, link: FoundLink) -> None:
    start = find_start(act.session, link.subject_id)
    assert start is not None
    begin_enrollment(
        act, organization_name=start.organization, name=start.name, email=start.email, language=start.language
    )
