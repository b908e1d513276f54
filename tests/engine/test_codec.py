"""Sealed payloads: what Temporal stores cannot be read, keys can change, and nothing else is believed (S31, P4)."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import os

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError

import worker
from models.crypto.payload_keys import PayloadKey, parse_payload_keys
from models.domain.core.processes import ProcessRef, ProcessStart
from models.domain.enrollment.kinds import ProcessKind
from models.running.settings import UnsafeSettings, insist_on_payload_keys, load_settings
from workflows.engine.codec import ENCODING, KEY_ID, PayloadRefused, SealingCodec
from workflows.engine.converter import converter

OLD, NEW = PayloadKey("2026-01", os.urandom(32)), PayloadKey("2026-07", os.urandom(32))
SAME_ID = PayloadKey("2026-01", os.urandom(32))
START = ProcessStart(ProcessRef("p", ProcessKind.PROVIDER_ENROLLMENT, "Zzcanary", 1))
PRODUCTION = {
    "CVMS_ENV": "production",
    "CVMS_SECRET_KEY": "x" * 40,
    "CVMS_PUBLIC_URL": "https://cvms.example",
    "CVMS_SMTP_URL": "smtps://mail.example",
    "DATABASE_URL": "postgresql://cvms_app@db.example/cvms?sslmode=verify-full",
}


def sealed(value, *keys):
    return asyncio.run(converter(keys).encode([value]))


def opened(payloads, *keys, hint=ProcessStart):
    return asyncio.run(converter(keys).decode(payloads, [hint]))[0]


def written(*keys):
    return ",".join(f"{key.id}:{base64.b64encode(key.secret).decode()}" for key in keys)


def test_a_sealed_value_names_its_key_and_shows_nothing_of_itself():
    [payload] = sealed(START, NEW, OLD)
    assert dict(payload.metadata) == {"encoding": ENCODING, KEY_ID: b"2026-07"}
    assert b"Zzcanary" not in payload.SerializeToString()
    assert opened([payload], NEW, OLD) == START


def test_the_same_value_is_sealed_differently_each_time():
    assert len({sealed(START, NEW)[0].data for _ in range(20)}) == 20


def test_after_a_rotation_old_payloads_are_read_with_the_old_key():
    before = sealed(START, OLD)
    assert opened(before, NEW, OLD) == START
    assert sealed(START, NEW, OLD)[0].metadata[KEY_ID] == b"2026-07"


def test_a_missing_key_is_refused_by_its_id():
    with pytest.raises(PayloadRefused, match=r"lacks the key '2026-01'"):
        opened(sealed(START, OLD), NEW)


def test_another_secret_under_the_same_id_is_refused():
    with pytest.raises(PayloadRefused, match=r"'2026-01' does not fit"):
        opened(sealed(START, OLD), SAME_ID)


@pytest.mark.parametrize("place", [0, 5, 20, -1])
def test_changed_bytes_are_refused(place):
    [payload] = sealed(START, OLD)
    changed = bytearray(payload.data)
    changed[place] ^= 1
    with pytest.raises(PayloadRefused, match="does not fit"):
        opened([Payload(metadata=payload.metadata, data=bytes(changed))], OLD)


def test_the_id_of_the_key_is_part_of_what_is_proved():
    [payload] = sealed(START, OLD)
    renamed = Payload(metadata={"encoding": ENCODING, KEY_ID: b"other"}, data=payload.data)
    with pytest.raises(PayloadRefused, match="does not fit"):
        opened([renamed], PayloadKey("other", OLD.secret))


def test_a_payload_that_is_not_sealed_is_refused_when_the_codec_is_on():
    plain = asyncio.run(pydantic_data_converter.encode([START]))
    with pytest.raises(PayloadRefused, match="not sealed"):
        opened(plain, OLD)
    assert opened(plain) == START


def test_a_cut_payload_is_refused():
    cut = Payload(metadata={"encoding": ENCODING, KEY_ID: OLD.id.encode()}, data=b"short")
    with pytest.raises((PayloadRefused, ValueError)):
        asyncio.run(SealingCodec([OLD]).decode([cut]))


def test_the_words_of_a_failure_are_sealed_too():
    failure = Failure()
    asyncio.run(converter([OLD]).encode_failure(ApplicationError("Zzcanary", type="Kind"), failure))
    assert b"Zzcanary" not in failure.SerializeToString()
    assert failure.application_failure_info.type == "Kind"
    assert str(asyncio.run(converter([OLD]).decode_failure(failure))) == "Kind: Zzcanary"


def test_keys_are_read_in_their_order():
    assert parse_payload_keys(written(NEW, OLD)) == (NEW, OLD)
    assert parse_payload_keys("") == ()


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ("no-colon", "write id:base64"),
        (":" + base64.b64encode(b"x" * 32).decode(), "write id:base64"),
        ("a b:" + base64.b64encode(b"x" * 32).decode(), "write id:base64"),
        ("k1:Zzcanary!", "not base64"),
        ("k1:" + base64.b64encode(b"short").decode(), "must have 32 bytes, it has 5"),
        (f"{written(OLD)},{written(SAME_ID)}", "stands twice"),
    ],
)
def test_a_bad_list_of_keys_is_refused_without_quoting_a_secret(listed, said):
    with pytest.raises(UnsafeSettings, match=said) as refused:
        load_settings({"CVMS_PAYLOAD_KEYS": listed})
    assert "Zzcanary" not in str(refused.value)


def test_no_secret_is_shown():
    settings = load_settings({"CVMS_PAYLOAD_KEYS": written(OLD)})
    assert "secret=b" not in repr(settings.payload_keys)
    assert settings.payload_keys[0].id not in repr(settings)


def test_production_mode_insists_on_a_key():
    with pytest.raises(UnsafeSettings, match="CVMS_PAYLOAD_KEYS must name a key"):
        insist_on_payload_keys(load_settings(PRODUCTION))
    insist_on_payload_keys(load_settings({**PRODUCTION, "CVMS_PAYLOAD_KEYS": written(OLD)}))
    insist_on_payload_keys(load_settings({}))


def test_the_worker_ends_with_one_clear_line_without_a_key(monkeypatch):
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CVMS_PAYLOAD_KEYS", raising=False)
    said = []
    monkeypatch.setattr(worker.log, "critical", lambda event, **values: said.append((event, values["reason"])))
    monkeypatch.setattr(worker, "configure", lambda: None)
    assert worker.main() == worker.REFUSED
    [(event, reason)] = said
    assert (event, "CVMS_PAYLOAD_KEYS" in reason) == ("refused to start", True)


def test_a_converter_with_keys_differs_only_in_what_is_sealed():
    plain, sealing = converter(), converter([OLD])
    assert (
        dataclasses.replace(
            sealing, payload_codec=None, failure_converter_class=plain.failure_converter_class
        ).payload_converter_class
        is plain.payload_converter_class
    )
