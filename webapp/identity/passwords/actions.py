"""What the pages of passwords do with the facts."""

from __future__ import annotations

import time

from flask import Response, url_for
from flask_babel import get_locale

from models.domain.core.actors import ANONYMOUS, link_holder, person
from models.domain.identity.declares import LinkPurpose
from models.domain.identity.passwords import minimum_length
from models.domain.records.email_addresses import normalize_email
from models.queries.identity.accounts import find_account, find_account_by_email
from models.store.core.act import Act
from models.store.core.links import LinkState, find_link, use_link
from models.store.core.mail.messages import queue_message
from models.store.identity.accounts import invite_account
from models.store.identity.attempts import brake
from models.store.identity.passwords import offer_reset, set_password
from models.tables.identity.accounts import AccountStatus
from webapp.core.forms.submission import submit_form
from webapp.core.requests.proxies import peer_address
from webapp.core.session import current_session
from webapp.core.timing import wait_out
from webapp.extensions import db
from webapp.identity.forms import ForgotPasswordForm
from webapp.identity.sessions.signing_in import sign_in_session

MAIL_ACTION = "password_reset.request"


def request_reset(form: ForgotPasswordForm) -> Response | None:
    """Send the mail that fits the address, and give the same answer to all, after the same time."""
    began = time.monotonic()
    address = normalize_email(str(form.email.data))

    def do(act: Act) -> str:
        if brake(act.session, action=MAIL_ACTION, subject=address, address=peer_address()):
            _mail_that_fits(act, address)
        return url_for("identity.forgot_password_sent")

    answer = submit_form(form, do)
    wait_out(began)
    return answer


def _mail_that_fits(act: Act, address: str) -> None:
    account = find_account_by_email(act.session, address)
    if account is None or account.status is AccountStatus.DISABLED:
        locale = get_locale()
        queue_message(
            act.by_actor(ANONYMOUS),
            template="no_account",
            to_address=address,
            language=locale.language if locale else "en",
            params={},
        )
    elif account.status is AccountStatus.INVITED:
        invite_account(act.by_actor(ANONYMOUS), account_id=account.account_id)
    else:
        offer_reset(act.by_actor(ANONYMOUS), account_id=account.account_id)


def reset(act: Act, token: str, password: str) -> str:
    """Use a reset link up and set the password. Nobody is signed in by it, so the second factor stands."""
    link = use_link(act.session, token=token, purpose=LinkPurpose.RESET_PASSWORD)
    by = link_holder(link.link_id)
    set_password(act.by_actor(by), account_id=link.subject_id, password=password)
    return url_for("identity.reset_password_done")


def accept(act: Act, token: str, password: str) -> str:
    """Use an invitation up, set the first password, and sign in."""
    link = use_link(act.session, token=token, purpose=LinkPurpose.ACCEPT_ACCOUNT)
    by = link_holder(link.link_id)
    set_password(act.by_actor(by), account_id=link.subject_id, password=password)
    account = find_account(act.session, link.subject_id)
    sign_in_session(act, link.subject_id, facts=account)
    return url_for("identity.second_factor")


def change(act: Act, password: str) -> str:
    """Set another password for the person of this request; this browser stays signed in, under a new id."""
    found = current_session()
    assert found is not None
    account_id = found.principal.account_id
    set_password(act.by_actor(person(account_id)), account_id=account_id, password=password)
    passed = found.principal.second_factor_passed
    proved_at = found.proved_at if found.has_second_factor else None
    sign_in_session(act, account_id, second_factor_passed=passed, proved_at=proved_at)
    return url_for("identity.account", saved="password")


def minimum_for_link(token: str, purpose: LinkPurpose) -> int | None:
    """How long a password must be for the account behind a link; None when the link cannot be used."""
    link = find_link(db.session(), token, purpose)
    if link is None or link.state is not LinkState.USABLE:
        return None
    account = find_account(db.session(), link.subject_id)
    return None if account is None else minimum_length(second_factor=account.second_factor_expected)


def own_minimum() -> int:
    """How long a password must be for the person of this request."""
    found = current_session()
    assert found is not None
    return minimum_length(second_factor=found.principal.state_staff or found.has_second_factor)
