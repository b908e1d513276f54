"""The one screen at the end of the start: where everything is, who may sign in, how to stop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.local.mail.authenticator import demo_accounts

RULE = "─" * 72


def final_screen(home: Path, environment: Mapping[str, str]) -> str:
    """The text of the screen."""
    mail = environment.get("CVMS_MAIL_URL", "")
    mails = [f"  Mails sent           {mail}", f"  One-time codes       {mail}/authenticator"] if mail else []
    lines = [
        RULE,
        f"  Vaccine management   {environment['CVMS_URL']}",
        *mails,
        f"  Data and logs        {home}",
        *_accounts(home / "run" / "demo_accounts.json", mail),
        "",
        "  Stop everything with Ctrl-C. The data stays; start again with make run.",
        RULE,
    ]
    return "\n".join(lines)


def _accounts(file: Path, mail: str) -> list[str]:
    accounts = demo_accounts(file)
    if not accounts:
        return []
    passwords = {account["password"] for account in accounts}
    same = f" (the password of all is {passwords.pop()})" if len(passwords) == 1 else ""
    wide = max((len(account["role"]) for account in accounts), default=0)
    far = max((len(account["email"]) for account in accounts), default=0)
    listed = [
        f"  {account['role']:<{wide}}  {account['email']:<{far}}  {_hints(account, password=not same)}".rstrip()
        for account in accounts
    ]
    shown = f": take the code shown at {mail}/authenticator" if mail else ""
    second = f"  * asks for a second factor{shown}"
    return ["", f"  Demo accounts{same}", *listed, second]


def _hints(account: Mapping[str, str | None], *, password: bool) -> str:
    star = "*" if account.get("totp") else " "
    return f"{star} {account['password'] if password else ''}  {account.get('note') or ''}"
