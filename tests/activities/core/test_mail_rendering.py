"""Writing mails: both languages, text and HTML, and nothing that a value can break out of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from activities.core import mail_rendering
from activities.core.mail_rendering import Envelope, Sender, UnmailableAddress, plain, render

SENDER = Sender("no-reply@cvms.example", "https://cvms.example")
ID = UUID("00000000-0000-4000-8000-000000000001")
WRITTEN = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
TEMPLATES = sorted(file.stem for file in mail_rendering.TEMPLATES.rglob("[!_]*.yaml"))
HOSTILE = "Ana</p><script>alert(1)</script>\r\nBcc: eve@evil.example\n\n-> Press | https://evil.example/${link}\u2028"


def values(template: str, value: str) -> dict[str, str]:
    words = mail_rendering._template(template)
    text = "".join(part for language in ("en", "es") for part in words[language].values())
    return {name: value for name in re.findall(r"\$\{(\w+)\}", text) if name != "link"}


def envelope(
    template: str = "password_reset", language: str = "en", to: str = "ana@x.example", **params: str
) -> Envelope:
    given = values(template, "Ana Ruiz") | params
    return Envelope(ID, template, to, language, given, {"path": "/account/reset/T"}, WRITTEN)


def body(mail, kind: str) -> str:
    return mail.get_body((kind,)).get_content()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_becomes_a_mail_in_both_languages(template, language):
    mail = message_from_bytes(bytes(render(envelope(template, language), SENDER)), policy=policy.default)
    assert mail["Content-Language"] == language
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{ID}@cvms.example>"
    assert mail["Subject"]
    for part in ("plain", "html"):
        text = body(mail, part)
        assert "${" not in text
        assert "->" not in text.replace("-->", "")
    assert f'<html lang="{language}">' in body(mail, "html")


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_value_can_add_a_header_a_button_or_markup(template):
    hostile = Envelope(ID, template, "ana@x.example", "en", values(template, HOSTILE), {"path": "/x"}, WRITTEN)
    mail = message_from_bytes(bytes(render(hostile, SENDER)), policy=policy.default)
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    html = body(mail, "html")
    assert "<script" not in html
    assert set(re.findall(r'href="([^"]*)"', html)) <= {"https://cvms.example/x"}


def test_a_language_that_nobody_wrote_falls_back_to_english():
    assert render(envelope(language="fr"), SENDER)["Content-Language"] == "en"


def test_the_button_is_a_link_in_html_and_an_address_on_its_own_line_in_text():
    mail = render(envelope(), SENDER)
    assert '<a href="https://cvms.example/account/reset/T"' in body(mail, "html")
    assert "\nhttps://cvms.example/account/reset/T\n" in body(mail, "plain")


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "@evil.example", "x\r\ny"])
def test_a_link_always_leads_to_us(path):
    mail = render(Envelope(ID, "password_reset", "a@x.example", "en", {"name": "A"}, {"path": path}, WRITTEN), SENDER)
    (href,) = re.findall(r'href="([^"]*)"', body(mail, "html"))
    assert href.startswith("https://cvms.example/")


def test_an_address_in_another_script_is_spelled_as_the_net_does():
    assert render(envelope(to="ana@añejo.example"), SENDER)["To"] == "ana@xn--aejo-gqa.example"


@pytest.mark.parametrize("address", ["", "ana", "ana@", "@x.example", "a b@x.example", "a@x.example, b@x.example"])
def test_what_is_no_address_is_said_to_be_none(address):
    with pytest.raises(UnmailableAddress):
        render(envelope(to=address), SENDER)


@pytest.mark.parametrize("template", ["../../etc/passwd", "_layout", "unheard_of", ""])
def test_only_reviewed_templates_are_opened(template):
    with pytest.raises(KeyError):
        render(Envelope(ID, template, "a@x.example", "en", {}, {}, WRITTEN), SENDER)


def test_a_missing_value_is_no_mail():
    with pytest.raises(KeyError):
        render(Envelope(ID, "password_reset", "a@x.example", "en", {}, {}, WRITTEN), SENDER)


def test_a_value_is_one_plain_line():
    assert plain("a\x00b\r\n c\u2029d\t ") == "a b c d"


def test_A6_what_was_stored_with_unseen_characters_reaches_no_mail():
    assert plain("Blue \u202eRidge\u202c\u200b") == "Blue Ridge"
