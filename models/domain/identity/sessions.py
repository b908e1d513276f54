"""How long a signed-in session lives, and what it still needs before pages open."""

from __future__ import annotations

from datetime import datetime, timedelta

STAFF_IDLE = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LIFETIME = timedelta(hours=12)
"""The absolute end of any session (P32)."""
SEEN_EVERY = timedelta(minutes=1)
"""A session's last sign of life is written at most this often."""
WARN_BEFORE = timedelta(minutes=2)
"""Everybody is warned this long before the idle end (P32)."""
PROOF_LASTS = timedelta(minutes=10)
"""A dangerous act asks for the second factor again when the last proof is older."""


def idle_limit(*, state_staff: bool) -> timedelta:
    """How long a session may stand unused: 15 minutes for state staff, 30 minutes for everybody else (P32)."""
    return STAFF_IDLE if state_staff else IDLE


def session_end(*, last_seen_at: datetime, ends_at: datetime, state_staff: bool) -> datetime:
    """When the session ends if nobody uses it: its idle end or its absolute end, whichever comes first."""
    return min(last_seen_at + idle_limit(state_staff=state_staff), ends_at)


def must_pass_second_factor(*, state_staff: bool, has_second_factor: bool, passed: bool) -> bool:
    """Whether nothing may open yet: state staff need a second factor, others pass the one they set up (P25)."""
    return (state_staff or has_second_factor) and not passed


def is_fresh(*, proved_at: datetime, now: datetime) -> bool:
    """Whether the last proof of who it is lets a dangerous act go on without another one."""
    return now - proved_at < PROOF_LASTS
