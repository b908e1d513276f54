"""One-time codes (RFC 6238): the vectors of the standard, and each step once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from models.domain.identity.second_factor import clean_code, matching_step, provisioning_uri, spaced

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the secret of RFC 6238, appendix B


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_vectors_of_the_standard(seconds, code):
    assert matching_step(code, secret=SECRET, now=at(seconds), last_step=None) == seconds // 30


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(steps, taken):
    now = at(1_600_000_000)
    code = pyotp.TOTP(SECRET).at(now + timedelta(seconds=30 * steps))
    assert (matching_step(code, secret=SECRET, now=now, last_step=None) is not None) is taken


def test_a_used_step_and_older_ones_are_refused():
    now = at(1_600_000_000)
    totp = pyotp.TOTP(SECRET)
    step = matching_step(totp.at(now), secret=SECRET, now=now, last_step=None)
    assert matching_step(totp.at(now), secret=SECRET, now=now, last_step=step) is None
    before = totp.at(now - timedelta(seconds=30))
    assert matching_step(before, secret=SECRET, now=now, last_step=step) is None
    after = totp.at(now + timedelta(seconds=30))
    assert matching_step(after, secret=SECRET, now=now, last_step=step) == step + 1


@pytest.mark.parametrize(("typed", "code"), [("123456", "123456"), (" 123 456 ", "123456"), ("123-456", "123456")])
def test_spaces_and_dashes_are_forgiven(typed, code):
    assert clean_code(typed) == code


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "１２３４５６", "abcdef", "-1-2-3"])
def test_anything_else_is_no_code(typed):
    assert clean_code(typed) is None
    assert matching_step(typed, secret=SECRET, now=at(59), last_step=None) is None


def test_the_picture_holds_what_an_app_needs():
    assert provisioning_uri(secret=SECRET, email="ana@example.org") == (
        f"otpauth://totp/CVMS:ana%40example.org?secret={SECRET}&issuer=CVMS"
    )


def test_the_secret_is_shown_in_groups_of_four():
    assert spaced("ABCDEFGHIJ") == "ABCD EFGH IJ"
