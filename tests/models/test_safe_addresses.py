"""Settings are parsed, not searched, and production refuses what is unsafe in one plain line (O9)."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine

from models.running.safety import insist_on_safe_database
from models.running.settings import UnsafeSettings, load_settings
from webapp.cli import main

DATABASE = "postgresql://cvms_app:x@db.example.org/cvms"
SAFE = {
    "CVMS_ENV": "production",
    "CVMS_SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough",
    "CVMS_PUBLIC_URL": "https://vaccines.example.gov",
    "CVMS_SMTP_URL": "smtps://user:x@mail.example.org",
    "DATABASE_URL": f"{DATABASE}?sslmode=verify-full",
}
UNSAFE = {
    "DATABASE_URL": [
        "",
        DATABASE,
        f"{DATABASE}?sslmode=disable&options=sslmode=verify-full",
        f"{DATABASE}?sslmode=require&application_name=sslmode=verify-ca",
        f"{DATABASE}?sslmode=verify-full&sslmode=disable",
        f"{DATABASE}?SSLMODE=verify-full",
        f"{DATABASE}?sslmode=verify-fully",
        f"{DATABASE}#sslmode=verify-full",
        "postgresql://sslmode=verify-full:x@db.example.org/cvms",
        "mysql://db.example.org/cvms?sslmode=verify-full",
    ],
    "CVMS_PUBLIC_URL": [
        "https://",
        "http://vaccines.example.gov/https://",
        "https:/vaccines.example.gov",
        "https://user@vaccines.example.gov",
        "https://vaccines.example.gov/?next=x",
        "https://vaccines.example.gov:port",
        "https://[::1",
    ],
    "CVMS_SMTP_URL": ["smtp://mail.example.org?smtps://", "smtps://", "smtps:mail.example.org", "smtps://mail:port"],
    "CVMS_SECRET_KEY": ["", "short", "development-only-not-a-secret"],
    "CVMS_ENV": ["Production", "prod", ""],
    "CVMS_PORT": ["", "-1", "80 80", "65536", "eighty"],
}


def test_safe_settings_are_taken():
    assert load_settings(SAFE).production


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in UNSAFE.items() for value in values])
def test_O9_unsafe_settings_are_refused_by_name_in_one_line(name, value):
    with pytest.raises(UnsafeSettings) as refused:
        load_settings({**SAFE, name: value})
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_O9_a_command_says_it_in_one_line_too(monkeypatch):
    monkeypatch.setenv("CVMS_ENV", "prod")
    ran = CliRunner().invoke(main, ["verify"])
    assert ran.exit_code == 1
    assert ran.output == "Error: CVMS_ENV must be one of development, test, production\n"


def test_O9_a_database_that_cannot_be_asked_is_not_called_safe():
    with pytest.raises(UnsafeSettings, match="cannot be reached"):
        insist_on_safe_database(create_engine("postgresql+psycopg2://x:x@127.0.0.1:1/x"))
