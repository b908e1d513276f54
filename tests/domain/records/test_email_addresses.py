"""Email addresses in one spelling."""

from __future__ import annotations

import pytest

from models.domain.core.violations import RuleViolation
from models.domain.records.email_addresses import loose_email, normalize_email


@pytest.mark.parametrize(
    ("typed", "normalized"),
    [
        ("Ana.Ruiz@Example.ORG", "ana.ruiz@example.org"),
        ("  ana@example.org\n", "ana@example.org"),
        ("ana+cvms@example.org", "ana+cvms@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("ana@ｅｘａｍｐｌｅ.org", "ana@example.org"),
        ("ana@clínica.example", "ana@xn--clnica-4va.example"),
        ("ana@mail.co.example", "ana@mail.co.example"),
    ],
)
def test_one_address_has_one_spelling(typed, normalized):
    assert normalize_email(typed) == normalized
    assert normalize_email(normalized) == normalized


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@localhost",
        "ana@@example.org",
        "ana@b@example.org",
        '"ana"@example.org',
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@example.org.",
        "ana@example..org",
        ".ana@example.org",
        "ana.@example.org",
        "a..na@example.org",
        "ana ruiz@example.org",
        "ana@exa mple.org",
        "ana@example.org\r\nBcc: all@example.org",
        "ñandú@example.org",
        "a" * 65 + "@example.org",
        "ana@" + "a" * 64 + ".org",
        "a" * 60 + "@" + "b." * 120 + "org",
        "<script>@example.org",
        "ana@example.org,bob@example.org",
    ],
)
def test_what_cannot_be_an_address_is_refused(typed):
    with pytest.raises(RuleViolation) as refused:
        normalize_email(typed)
    assert refused.value.field == "email"


def test_what_was_typed_has_one_spelling_even_when_it_is_no_address():
    assert loose_email(" NOBODY ") == "nobody"
