"""WebAuthn: what the browser is asked to sign, and whether the answer is right. Challenges count once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from models.domain.identity.second_factor import ISSUER
from models.postgres.database import transaction
from models.queries.identity.accounts import AccountFacts
from models.queries.identity.passkeys import OwnPasskey, own_passkeys
from models.queries.identity.sessions import SignedIn
from models.store.identity.passkeys import give_challenge, take_challenge
from webapp.extensions import db

LONGEST_ANSWER = 10_000
PREFERRED = UserVerificationRequirement.PREFERRED


@dataclass(frozen=True, slots=True)
class Signature:
    """A right signature of a key, and its counter before and now."""

    passkey_id: UUID
    count_before: int
    count_now: int


def origin() -> str:
    """The one address whose pages may ask for a signature; from the settings, never from the request."""
    return str(current_app.config["SETTINGS"].public_url)


def host() -> str | None:
    """The name that keys are bound to; None where the address has none, since browsers refuse bare numbers."""
    name = urlsplit(origin()).hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return name or None
    return None


def options_to_add(found: SignedIn, rp_id: str) -> str:
    """What the browser needs to make a new key for this account."""
    account_id = found.principal.account_id
    options = generate_registration_options(
        rp_id=rp_id,
        rp_name=ISSUER,
        user_id=account_id.bytes,
        user_name=found.principal.email,
        user_display_name=found.principal.name,
        challenge=_challenge(found),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=PREFERRED
        ),
        exclude_credentials=_described(own_passkeys(db.session(), account_id)),
    )
    return options_to_json(options)


def options_to_sign(found: SignedIn, rp_id: str) -> str:
    """What the browser needs to let one of the account's keys sign."""
    known = own_passkeys(db.session(), found.principal.account_id)
    options = generate_authentication_options(
        rp_id=rp_id, challenge=_challenge(found), allow_credentials=_described(known), user_verification=PREFERRED
    )
    return options_to_json(options)


def check_new(found: SignedIn, answer: str) -> VerifiedRegistration | None:
    """The new key in the browser's answer; None when anything about it is wrong. The challenge is used up."""
    challenge = _used_up(found)
    given = _parsed(answer)
    if challenge is None or given is None:
        return None
    try:
        return verify_registration_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=str(host()),
            expected_origin=origin(),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None


def check_signature(found: SignedIn, account: AccountFacts, answer: str) -> Signature | None:
    """A key's right signature in the browser's answer; None when anything is wrong. The challenge is used up."""
    challenge = _used_up(found)
    given = _parsed(answer)
    key = _named(given, own_passkeys(db.session(), account.account_id)) if given else None
    if challenge is None or given is None or key is None:
        return None
    try:
        checked = verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=str(host()),
            expected_origin=origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Signature(key.passkey_id, key.sign_count, checked.new_sign_count)


def _challenge(found: SignedIn) -> bytes:
    with transaction(db.engine) as session:
        return give_challenge(session, sid_hash=found.sid_hash)


def _used_up(found: SignedIn) -> bytes | None:
    with transaction(db.engine) as session:
        return take_challenge(session, sid_hash=found.sid_hash)


def _parsed(answer: str) -> dict[str, Any] | None:
    try:
        given = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _named(given: dict[str, Any], known: list[OwnPasskey]) -> OwnPasskey | None:
    try:
        credential_id = base64url_to_bytes(str(given.get("rawId")))
    except ValueError:
        return None
    return next((key for key in known if key.credential_id == credential_id), None)


def _described(known: list[OwnPasskey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in known]
