"""How tries to guess a password or a code are braked (P27): per account, never for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.domain.core.violations import RuleViolation

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
STREAK_WINDOW = timedelta(hours=12)
TRIES_FROM_ONE_ADDRESS = 50
TRIES_IN_A_ROW = 100
ADDRESS_WINDOW = timedelta(hours=1)
ACCOUNTS_FROM_ONE_ADDRESS = 50
"""At so many accounts, absent ones too, strangers' browsers of one address may fail within `ADDRESS_WINDOW`."""


class Braked(RuleViolation):
    """Too much in too short a time. Nothing was done; after `wait` it may be tried again."""

    def __init__(self, code: str, message: str, wait: timedelta) -> None:
        super().__init__(code, message, None, minutes=max(2, -(-int(wait.total_seconds()) // 60)))
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed tries at one account, of strangers' browsers or of its known ones, each judged apart.

    `in_a_row` since the last success; `recent` those of them within 12 hours; `from_address` within 12
    hours from the address that asks now; `address_full_since` when it has failed at so many accounts that it must
    wait: the last failure at the `ACCOUNTS_FROM_ONE_ADDRESS`th of them, newest first. Of strangers' browsers only.
    """

    in_a_row: int = 0
    recent: int = 0
    from_address: int = 0
    last_failure_at: datetime | None = None
    address_full_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a try may go on, else how long to wait; `reset_needed` when only a new password helps."""

    allowed: bool
    wait: timedelta = timedelta(0)
    reset_needed: bool = False


def assess_try(tries: Tries, now: datetime) -> Verdict:
    """Whether one more try is checked.

    | failed before                          | then                                             |
    |----------------------------------------|--------------------------------------------------|
    | fewer than 5 within 12 hours           | go on                                            |
    | 5, 6, 7 … within 12 hours              | wait 1, 2, 4 … minutes since the last, up to 1 h |
    | 50 from this address within 12 hours   | wait until the oldest of them no longer counts   |
    | 100 in a row                           | no try at all before the password is reset       |
    | at 50 accounts from this address       | wait until one of them no longer counts          |
    | within 1 hour, by strangers' browsers  |                                                  |
    """
    if tries.in_a_row >= TRIES_IN_A_ROW:
        return Verdict(False, STREAK_WINDOW, reset_needed=True)
    if tries.from_address >= TRIES_FROM_ONE_ADDRESS:
        return Verdict(False, LONGEST_WAIT)
    wait = _wait_after(tries.recent, tries.last_failure_at, now)
    if tries.address_full_since is not None:
        wait = max(wait, tries.address_full_since + ADDRESS_WINDOW - now)
    return Verdict(wait <= timedelta(0), max(wait, timedelta(0)))


def _wait_after(failures: int, last_failure_at: datetime | None, now: datetime) -> timedelta:
    if failures < FREE_TRIES or last_failure_at is None:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 10)
    return last_failure_at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT) - now
