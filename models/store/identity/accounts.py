"""Writing accounts: made, invited, renamed, closed; and telling their owners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.crypto.hashing import hash_password
from models.crypto.sealing import hash_token
from models.domain.core.permissions import STATE_ROLES
from models.domain.core.violations import RuleViolation
from models.domain.identity.declares import LinkPurpose
from models.domain.identity.passwords import assess_password
from models.domain.records.email_addresses import normalize_email
from models.domain.records.typed_text import clean_text
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.core.claims import free_claims
from models.store.core.links import issue_link, revoke_links
from models.store.core.mail.messages import queue_message
from models.store.identity.sessions import end_sessions
from models.tables.identity.accounts import Account, AccountStatus, GrantRow, KnownDevice

INVITATION_LASTS = timedelta(hours=48)
PASSWORD_LINKS = (LinkPurpose.RESET_PASSWORD, LinkPurpose.ACCEPT_ACCOUNT)
OBJECT = "account"


def create_account(
    act: Act,
    *,
    email: str,
    name: str,
    language: str,
    password: str | None,
    organization: str = "",
    state_staff: bool = False,
) -> UUID:
    """Make an account: active with a password, invited without one.

    Refused: `email_taken` and `email_invalid` (field email), and the rules of passwords (field password).
    `organization` is no part of a good password; `state_staff` says that staff roles follow.
    """
    account_id, spelled = uuid4(), normalize_email(email)
    values: dict[str, object] = {"status": AccountStatus.INVITED}
    if password is not None:
        assess_password(password, second_factor=state_staff, context=(spelled, name, organization))
        hashed = hash_password(password, state_staff=state_staff)
        values = {"status": AccountStatus.ACTIVE, "password_hash": hashed, "password_changed_at": func.db_now()}
    statement = (
        insert(Account)
        .values(id=account_id, email=clean_text(email), email_norm=spelled, name=clean_text(name), language=language)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    if act.session.execute(statement).scalar_one_or_none() is None:
        raise RuleViolation("email_taken", "There's already an account with this email address.", "email")
    record(act, action="account.create", object_type=OBJECT, object_id=account_id)
    return account_id


def invite_account(act: Act, *, account_id: UUID) -> None:
    """Send a person the link with which they set their first password; older ones die."""
    account = lock_account(act.session, account_id)
    token = issue_link(
        act.session,
        purpose=LinkPurpose.ACCEPT_ACCOUNT,
        subject_id=account_id,
        address=account.email,
        lifetime=INVITATION_LASTS,
    )
    tell_account(
        act, template="account_invitation", account=account, secret_params={"path": f"/account/invitation/{token}"}
    )


def edit_account(act: Act, *, account_id: UUID, name: str, language: str) -> None:
    """Change the name and the language of an account."""
    act.session.execute(
        update(Account).where(Account.id == account_id).values(name=clean_text(name), language=language)
    )
    record(
        act, action="account.edit", object_type=OBJECT, object_id=account_id, detail={"fields": ["name", "language"]}
    )


def disable_account(act: Act, *, account_id: UUID, because: str) -> int:
    """Close an account: its sessions end, its links die and its claims are free at once (A16); returns how many tasks.

    Closing it again changes nothing.
    """
    account = lock_account(act.session, account_id)
    if account.status == AccountStatus.DISABLED:
        return 0
    account.status = AccountStatus.DISABLED
    act.session.flush()
    revoke_password_links(act.session, account_id)
    end_sessions(act, account_id=account_id, reason="disabled")
    freed = free_claims(act, account_id=account_id, because="account closed")
    detail = {"because": because, "claims": freed}
    record(act, action="account.disable", object_type=OBJECT, object_id=account_id, detail=detail)
    return freed


def reopen_account(act: Act, *, account_id: UUID, because: str) -> bool:
    """Open a closed account with the roles that it has; returns whether an invitation goes out, for want of a password.

    Opening one that is open changes nothing.
    """
    account = lock_account(act.session, account_id)
    if account.status != AccountStatus.DISABLED:
        return False
    invited = account.password_hash is None
    account.status = AccountStatus.INVITED if invited else AccountStatus.ACTIVE
    act.session.flush()
    record(act, action="account.reopen", object_type=OBJECT, object_id=account_id, detail={"because": because})
    if invited:
        invite_account(act, account_id=account_id)
    return invited


def remember_device(session: Session, *, account_id: UUID, device_token: str) -> None:
    """Keep that this browser signed in to the account."""
    statement = insert(KnownDevice).values(device_hash=hash_token(device_token), account_id=account_id)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[KnownDevice.device_hash, KnownDevice.account_id], set_={"seen_at": func.db_now()}
        )
    )


def lock_account(session: Session, account_id: UUID) -> Account:
    """The row of an account, locked; `account_unknown` when there is none."""
    statement = select(Account).where(Account.id == account_id).with_for_update()
    account = session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if account is None:
        raise RuleViolation("account_unknown", "There is no such account.")
    return account


def is_state_staff(session: Session, account_id: UUID) -> bool:
    """Whether the account holds a role of state staff now."""
    live = select(GrantRow.id).where(GrantRow.account_id == account_id, GrantRow.ended_at.is_(None))
    return session.execute(live.where(GrantRow.role.in_(STATE_ROLES)).limit(1)).first() is not None


def revoke_password_links(session: Session, account_id: UUID) -> None:
    """Let every link die with which the password could be set."""
    for purpose in PASSWORD_LINKS:
        revoke_links(session, purpose=purpose, subject_id=account_id)


def tell_account(
    act: Act,
    *,
    template: str,
    account: Account,
    params: Mapping[str, str] | None = None,
    secret_params: Mapping[str, str] | None = None,
) -> None:
    """Mail the owner of an account in their language."""
    queue_message(
        act,
        template=template,
        to_address=account.email,
        language=account.language,
        params={"name": account.name, **(params or {})},
        secret_params=secret_params,
        account_id=account.id,
    )
