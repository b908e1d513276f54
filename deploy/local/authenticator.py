"""The one-time codes of the demo accounts, in place of the telephone that a real person would use."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import pyotp


@dataclass(frozen=True, slots=True)
class Code:
    """The code of one account now, and for how many seconds it will do."""

    email: str
    role: str
    code: str
    seconds_left: int

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def codes(accounts: Path, *, email: str = "") -> list[Code]:
    """The codes of all demo accounts that have a second factor, or of one of them."""
    known = json.loads(accounts.read_text()) if accounts.exists() else []
    wanted = [account for account in known if account.get("totp") and email.lower() in ("", account["email"].lower())]
    return [_code(account) for account in wanted]


def _code(account: dict[str, str]) -> Code:
    generator = pyotp.TOTP(account["totp"])
    left = generator.interval - int(time.time()) % generator.interval
    return Code(account["email"], account["role"], generator.now(), left)
