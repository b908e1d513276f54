"""A fresh link in place of one that is over: only to the address of the old one, braked, and only while it helps."""

from __future__ import annotations

import time

from flask import Response

from models.domain.core.actors import link_holder
from models.domain.core.violations import RuleViolation
from models.store.core.act import Act
from models.store.core.links import FoundLink
from models.store.identity.attempts import brake
from webapp.core.forms.buttons import press_button
from webapp.core.links.page import About, LinkPage, SomeForm, open_link, unknown_link
from webapp.core.requests.proxies import peer_address
from webapp.core.timing import wait_out

SENT_JUST_NOW = "sent_just_now"


def send_fresh_link(page: LinkPage[About, SomeForm], token: str, sent: str) -> Response:
    """Answer alike and as late whether one is sent, and as late where the token is unknown; `sent` is the next page."""
    began = time.monotonic()
    found = open_link(page, token)
    answer = unknown_link() if found is None else press_button(lambda act: _send(act, page, *found, sent))
    wait_out(began)
    return answer


def _send(act: Act, page: LinkPage[About, SomeForm], link: FoundLink, about: About, sent: str) -> str:
    allowed = brake(act.session, action=page.brake, subject=str(link.subject_id), address=peer_address())
    if allowed and page.renewable(link, about):
        try:
            page.send(act.by_actor(link_holder(link.link_id)), link, about)
        except RuleViolation as refused:
            if refused.code != SENT_JUST_NOW:
                raise
    return sent
