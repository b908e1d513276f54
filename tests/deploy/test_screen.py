"""The screen at the end of the start."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.local.screen import final_screen

WHERE = {"CVMS_URL": "http://localhost:8000", "CVMS_MAIL_URL": "http://localhost:8025"}
REVIEWER = {"role": "Reviewer", "email": "rita@example.org", "password": "blue", "totp": "ABC", "note": "first review"}
APPLICANT = {"role": "Applicant", "email": "ana@example.org", "password": "blue", "totp": None, "note": None}


def screen(home: Path, *accounts: dict[str, str | None]) -> str:
    (home / "run").mkdir()
    (home / "run" / "demo_accounts.json").write_text(json.dumps(accounts))
    return final_screen(home, WHERE)


def test_one_password_of_all_is_said_once(tmp_path: Path) -> None:
    shown = screen(tmp_path, REVIEWER, APPLICANT)
    assert shown.count("blue") == 1
    assert "ABC" not in shown


def test_different_passwords_stand_beside_their_accounts(tmp_path: Path) -> None:
    shown = screen(tmp_path, REVIEWER, APPLICANT | {"password": "green"})
    [line] = [line for line in shown.splitlines() if "ana@example.org" in line]
    assert line.endswith("green")


def test_who_needs_a_second_factor_is_told_where_to_find_it(tmp_path: Path) -> None:
    shown = screen(tmp_path, REVIEWER, APPLICANT)
    [line] = [line for line in shown.splitlines() if "rita@example.org" in line]
    assert "* " in line
    assert "http://localhost:8025/authenticator" in shown


def test_without_demo_data_no_accounts_are_listed(tmp_path: Path) -> None:
    assert "Demo accounts" not in final_screen(tmp_path, WHERE)
