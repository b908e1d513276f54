"""The headers of mails: every subject and every name is read back as it was given, in short lines of ASCII."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.core.mail_headers import MAIL_POLICY
from activities.core.mail_rendering import plain, render
from tests.activities.core.test_mail_rendering import ID, SENDER, TEMPLATES, WRITTEN, envelope

LOOKS_ENCODED = "=?utf-8?B?QmNjOg==?="
LONGEST = 78
PLAIN = st.text().map(plain)
SPANISH = st.lists(
    st.sampled_from(["José", "inscripción", "de", "Núñez", "¿Cómo?", "clínica", "Boone", LOOKS_ENCODED]), max_size=40
).map(" ".join)


def sent(subject: str, name: str = "CVMS") -> bytes:
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["From"], mail["Subject"] = Address(name, "cvms", "example.org"), subject
    mail.set_content("Hello")
    return bytes(mail)


def head(mail: bytes) -> list[bytes]:
    return mail.partition(b"\r\n\r\n")[0].split(b"\r\n")


@given(PLAIN | SPANISH | st.text(st.characters(exclude_categories=["C"])))
def test_A15_every_subject_is_read_back_as_it_was_given(subject: str) -> None:
    mail = sent(subject)
    assert message_from_bytes(mail, policy=policy.default)["Subject"] == subject
    unfolded = message_from_bytes(mail)["Subject"].replace("\r\n", "").replace("\n", "")
    assert str(make_header(decode_header(unfolded))) == subject
    assert all(len(line) <= LONGEST and line.isascii() for line in head(mail))


@pytest.mark.parametrize("length", range(1, 60))
def test_A15_no_space_is_lost_in_a_long_spanish_subject(length: int) -> None:
    subject = f"{'x' * (length % 7)} " + " ".join(["José"] * length)
    assert message_from_bytes(sent(subject.strip()), policy=policy.default)["Subject"] == subject.strip()


def test_A15_plain_subjects_stay_readable_in_the_source() -> None:
    subject = "Reminder: please sign the enrollment of Blue Ridge Family Practice and Community Health Center"
    assert subject.encode() in b"".join(head(sent(subject)))


@given(PLAIN.filter(bool) | SPANISH.filter(bool))
def test_O14_every_name_in_an_address_header_is_read_back_as_it_was_given(name: str) -> None:
    mail = sent("Hello", name)
    assert all(len(line) <= LONGEST and line.isascii() for line in head(mail))
    (address,) = message_from_bytes(mail, policy=policy.default)["From"].addresses
    assert address.addr_spec == "cvms@example.org"
    # The standard reader keeps a space between two encoded words of a name, where RFC 2047 leaves it out.
    assert address.display_name.replace(" ", "") == name.replace(" ", "")
    if len(name.encode()) < 15:
        assert address.display_name == name


@pytest.mark.parametrize("template", TEMPLATES)
def test_O14_what_looks_encoded_is_shown_as_it_was_typed(template: str) -> None:
    made = envelope(template, organization=LOOKS_ENCODED, location=LOOKS_ENCODED, name=LOOKS_ENCODED)
    written = render(made, SENDER)
    read = message_from_bytes(bytes(written), policy=policy.default)
    assert read["Subject"] == written["Subject"]
    assert "Bcc:" not in read["Subject"]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_A7_mails_carry_date_message_id_and_auto_submitted(template: str, language: str) -> None:
    mail = message_from_bytes(bytes(render(envelope(template, language), SENDER)), policy=policy.default)
    assert parsedate_to_datetime(mail["Date"]) == WRITTEN
    assert mail["Message-ID"] == f"<{ID}@cvms.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"):
        assert len(mail.get_all(name)) == 1


def test_A7_a_mail_that_is_handed_over_again_is_the_same_mail() -> None:
    once, again = (render(envelope(), SENDER) for _ in range(2))
    assert (once["Date"], once["Message-ID"]) == (again["Date"], again["Message-ID"])
