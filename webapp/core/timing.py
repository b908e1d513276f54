"""Answers that come equally late, so that their time tells nothing."""

from __future__ import annotations

import time

ANSWER_AFTER = 0.2
"""Seconds that an answer about an address takes at least, so that its time tells nothing about the account."""


def wait_out(began: float) -> None:
    """Answer no sooner than `ANSWER_AFTER` from when the work began (by the monotonic clock)."""
    time.sleep(max(0.0, began + ANSWER_AFTER - time.monotonic()))
