"""The second factor: time-based one-time codes (RFC 6238), each step accepted once."""

from __future__ import annotations

from datetime import datetime

import pyotp

STEP_SECONDS = 30
DIGITS = 6
ISSUER = "CVMS"
LOOK_AROUND = (0, -1, 1)
"""The step of now, the one before and the one after: clocks of telephones differ a little."""


def clean_code(typed: str) -> str | None:
    """Six ASCII digits, spaces and dashes between them forgiven; None for anything else."""
    code = typed.replace(" ", "").replace("-", "")
    return code if len(code) == DIGITS and code.isascii() and code.isdigit() else None


def matching_step(typed: str, *, secret: str, now: datetime, last_step: int | None) -> int | None:
    """The step whose code was typed; None when it is wrong, or when its step or a later one was used before."""
    code = clean_code(typed)
    if code is None:
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    steps = [current + offset for offset in LOOK_AROUND]
    matching = [step for step in steps if pyotp.HOTP(secret, digits=DIGITS).verify(code, step)]
    return next((step for step in matching if last_step is None or step > last_step), None)


def provisioning_uri(*, secret: str, email: str) -> str:
    """What the QR code holds: the secret with the account's name, for any authenticator app."""
    return str(
        pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)
    )


def spaced(secret: str) -> str:
    """The secret in groups of four, for typing it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
