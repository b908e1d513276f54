"""The rules of passwords against tricks of spelling, cutting and size (S9, P25)."""

from __future__ import annotations

import unicodedata

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.crypto.hashing import check_password, hash_password
from models.domain.core.violations import RuleViolation
from models.domain.identity.passwords import assess_password, common_words
from tests.webapp.accounts import PASSWORD, make_account, post, sign_in

CONTEXT = ("ana.ruiz@example.org", "Ana Ruíz Peña", "Clínica Montaña Azul")
DISGUISED = [
    ("ＶＡＣ２０２１ＶＡＣ２０２１！", "password_context"),
    ("ＶＡＣ２０２１－ＣＶＭＳ－２０２１", "password_context"),
    ("Vac2021 Ncdhhs Cvms", "password_context"),
    ("clinicamontanaazul", "password_context"),
    ("CLÍNICA MONTAÑA AZUL 1", "password_context"),
    ("ana ruiz pena 2021!", "password_context"),
    ("¡¡Ana.Ruíz.Peña!!", "password_context"),
    ("ana.ruiz@example.org1", "password_context"),
    ("ｐａｓｓｗｏｒｄ１２３４５６７", "password_common"),
    ("pässwörd1234567", "password_common"),
    ("PÁSSWORD!!!1234567", "password_common"),
    ("𝐬𝐮𝐧𝐬𝐡𝐢𝐧𝐞𝟐𝟎𝟐𝟏𝟐𝟎𝟐𝟏", "password_common"),
    ("١٢٣٤٥٦٧٨٩٠١٢٣٤٥", "password_common"),
]


@pytest.mark.parametrize(("password", "code"), DISGUISED)
def test_capitals_accents_and_wide_letters_hide_no_weak_password(password, code):
    with pytest.raises(RuleViolation) as refused:
        assess_password(password, second_factor=False, context=CONTEXT)
    assert refused.value.code == code


def test_the_blocklist_holds_more_leaked_passwords_than_promised():
    leaked = FREQUENCY_LISTS["passwords"]
    assert len(leaked) >= 10_000
    assert set(leaked) <= common_words()


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title, str.swapcase])
def test_the_blocklist_is_asked_without_regard_to_capitals(spelled):
    common = {"quiet heron of the lake"}
    with pytest.raises(RuleViolation) as refused:
        assess_password(spelled("quiet heron of the lake"), second_factor=False, common=common)
    assert refused.value.code == "password_common"
    assess_password("quiet heron of the sea", second_factor=False, common=common)


def test_nothing_is_cut_off():
    longest = "seven quiet herons wade " * 5 + "at dusk."
    assert len(longest) == 128
    kept = hash_password(longest, state_staff=False)
    assert check_password(longest, kept)
    assert not check_password(longest[:72], kept)
    assert not check_password(longest[:-1], kept)
    assert not check_password(longest + " ", kept)


def test_nul_ends_no_password():
    kept = hash_password("seven quiet\x00herons wading", state_staff=False)
    assert not check_password("seven quiet", kept)
    assert not check_password("seven quiet\x00herons", kept)


def test_one_spelling_of_a_letter_is_as_good_as_the_other():
    typed = "siete ñandúes tranquilos"
    kept = hash_password(unicodedata.normalize("NFC", typed), state_staff=False)
    assert check_password(unicodedata.normalize("NFD", typed), kept)
    assert not check_password("siete nandues tranquilos", kept)
    assert not check_password(typed.upper(), kept)


@pytest.mark.parametrize("spaced", [" " + PASSWORD, PASSWORD + " ", PASSWORD.replace(" ", "  "), PASSWORD.title()])
def test_spaces_and_capitals_count(database, client, monkeypatch, spaced):
    monkeypatch.setattr("webapp.core.timing.ANSWER_AFTER", 0.0)
    make_account(database.app_engine)
    assert sign_in(client, password=spaced).status_code == 422


@pytest.mark.parametrize("address", ["/sign-in", "/account/password"])
def test_a_password_may_be_pasted_and_kept_by_a_password_manager(database, client, address):
    if address != "/sign-in":
        make_account(database.app_engine)
        sign_in(client)
    page = client.get(address).get_data(as_text=True)
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="off"' not in page
    assert "onpaste" not in page
    assert "maxlength" not in page.partition('type="password"')[2].partition(">")[0]


@pytest.mark.parametrize(
    ("password", "status"), [("x" * 1025, 422), ("ñ" * 600, 422), ("x" * 600_000, 413), ("x" * 1_200_000, 413)]
)
@pytest.mark.parametrize("field", ["current_password", "password"])
def test_no_page_hashes_an_endless_password(database, client, monkeypatch, field, password, status):
    make_account(database.app_engine)
    sign_in(client)
    hashed = count_hashes(monkeypatch)
    typed = {"current_password": PASSWORD, "password": "nine loud ravens walking", field: password}
    assert post(client, "/account/password", **typed).status_code == status
    assert all(len(one.encode()) <= 1024 for one in hashed)


def count_hashes(monkeypatch):
    """Every text that Argon2 is given from now on."""
    from models.crypto.hashing import PasswordHasher

    given = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash
    monkeypatch.setattr(PasswordHasher, "verify", lambda s, kept, typed: given.append(typed) or verify(s, kept, typed))
    monkeypatch.setattr(PasswordHasher, "hash", lambda s, typed, **o: given.append(typed) or make(s, typed, **o))
    return given
