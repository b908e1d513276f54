"""After a session has ended by itself: what was typed is kept, and the sign-in page says what happened (A2)."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from models.queries.core.drafts import owner_of_account
from models.queries.identity.sessions import EndedBy
from webapp.core.forms.drafts import keep_typed, sent_mark
from webapp.core.forms.tokens import ended_session, is_of_ended
from webapp.core.session import server_session
from webapp.core.text.lazy_text import lazy_text as _l

REASONS: Mapping[EndedBy, str] = {
    EndedBy.STAFF_IDLE: _l("You were signed out after 15 minutes without activity."),
    EndedBy.IDLE: _l("You were signed out after 30 minutes without activity."),
    EndedBy.LIFETIME: _l("You were signed out because you signed in 12 hours ago."),
    EndedBy.ACT: _l("You were signed out."),
}
KEPT = "1"


def keep_typed_of_ended() -> bool:
    """Keep what a form was sent with, when it is of the very person whose session has ended."""
    mark, ended = sent_mark(), ended_session()
    if mark is None or ended is None or not is_of_ended(ended):
        return False
    owner = owner_of_account(ended.account_id)
    return mark.owner == owner and keep_typed(mark, owner)


def why_signed_out(*, typed_is_kept: bool) -> dict[str, str]:
    """What the address of the sign-in page says about a session that has ended by itself, or with typed text."""
    ended = ended_session() if server_session().has_ended() else None
    if ended is None or (ended.because is EndedBy.ACT and not typed_is_kept):
        return {}
    return {"ended": ended.because.value} | ({"kept": KEPT} if typed_is_kept else {})


def words_of(asked: Mapping[str, str]) -> str | None:
    """Why somebody has to sign in again, for the page; the address chooses among our own words only."""
    reason = next((str(words) for because, words in REASONS.items() if because == asked.get("ended")), None)
    if reason is None:
        return None
    kept = _("What you typed is saved.") if asked.get("kept") == KEPT else ""
    return f"{reason} {kept}".strip()
