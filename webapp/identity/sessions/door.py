"""How the holder of a mailed link comes in: with a new account, or with the one that the address has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from models.domain.core.violations import RuleViolation
from models.queries.identity.accounts import find_account_by_email
from models.store.core.act import Act
from models.store.identity.accounts import create_account
from models.store.identity.passwords import set_password
from webapp.core.forms.buttons import PressForm
from webapp.core.forms.form import Form
from webapp.core.permissions import current_principal
from webapp.extensions import db
from webapp.identity.forms import NewPasswordForm
from webapp.identity.sessions.signing_in import sign_in_session


class Door(StrEnum):
    """What the person at the door has to do."""

    NEW = "new"
    OWN = "own"
    SIGN_IN = "sign_in"
    OTHER = "other"


def door_of(email: str) -> Door:
    """Set a password, go in, sign in first, or sign out first: by the address that the link was sent to."""
    account, principal = find_account_by_email(db.session(), email), current_principal()
    if account is None or account.password_hash is None:
        return Door.NEW if principal is None else Door.OTHER
    if principal is None:
        return Door.SIGN_IN
    return Door.OWN if principal.account_id == account.account_id else Door.OTHER


def door_form(door: Door) -> Form:
    """A new account needs a password, an own one a press of the button."""
    return NewPasswordForm() if door is Door.NEW else PressForm()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whom a link is for; `organization` is told apart from a password's own words."""

    email: str
    name: str
    language: str
    organization: str


def enter(act: Act, form: Form, newcomer: Newcomer) -> UUID:
    """The account that goes in, made and signed in where the door asks for it. Refused: `other_account`."""
    door, principal = door_of(newcomer.email), current_principal()
    if door is Door.OWN and principal is not None:
        return principal.account_id
    if door is not Door.NEW or not isinstance(form, NewPasswordForm):
        raise RuleViolation("other_account", "Sign in with the account for the email address we wrote to.")
    password, known = str(form.password.data), find_account_by_email(act.session, newcomer.email)
    if known is None:
        account_id = create_account(
            act,
            email=newcomer.email,
            name=newcomer.name,
            language=newcomer.language,
            password=password,
            organization=newcomer.organization,
        )
    else:
        account_id = known.account_id
        set_password(act, account_id=account_id, password=password)
    sign_in_session(act, account_id)
    return account_id
