"""The one screen at the end of the start: where everything is, who may sign in, how to stop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

RULE = "─" * 72


def final_screen(home: Path, environment: Mapping[str, str]) -> str:
    """The text of the screen."""
    mail = environment["CVMS_MAIL_URL"]
    lines = [
        RULE,
        f"  Vaccine management   {environment['CVMS_URL']}",
        f"  Mails sent           {mail}",
        f"  One-time codes       {mail}/authenticator",
        f"  Data and logs        {home}",
        *_accounts(home / "run" / "demo_accounts.json", mail),
        "",
        "  Stop everything with Ctrl-C. The data stays; start again with make run.",
        RULE,
    ]
    return "\n".join(lines)


def _accounts(file: Path, mail: str) -> list[str]:
    if not file.exists():
        return []
    accounts = json.loads(file.read_text())
    passwords = {account["password"] for account in accounts}
    same = f" (the password of all is {passwords.pop()})" if len(passwords) == 1 else ""
    wide = max((len(account["role"]) for account in accounts), default=0)
    far = max((len(account["email"]) for account in accounts), default=0)
    listed = [
        f"  {account['role']:<{wide}}  {account['email']:<{far}}  {_hints(account, password=not same)}".rstrip()
        for account in accounts
    ]
    second = f"  * asks for a second factor: take the code shown at {mail}/authenticator"
    return ["", f"  Demo accounts{same}", *listed, second]


def _hints(account: Mapping[str, str | None], *, password: bool) -> str:
    star = "*" if account.get("totp") else " "
    return f"{star} {account['password'] if password else ''}  {account.get('note') or ''}"
