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
    wanted = [
        account
        for account in demo_accounts(accounts)
        if account.get("totp") and email.lower() in ("", account["email"].lower())
    ]
    return [_code(account) for account in wanted]


def demo_accounts(file: Path) -> list[dict[str, str]]:
    """The accounts of the demo data; none where the file is missing or broken."""
    try:
        known: list[dict[str, str]] = json.loads(file.read_text())
        return [account for account in known if {"role", "email", "password"} <= account.keys()]
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return []


def _code(account: dict[str, str]) -> Code:
    generator = pyotp.TOTP(account["totp"])
    left = generator.interval - int(time.time()) % generator.interval
    return Code(account["email"], account["role"], generator.now(), left)
