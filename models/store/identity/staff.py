"""What administrators do to accounts of state staff: invite, give and end roles, close, reopen, reset."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.domain.core.permissions import STATE_ROLES, Role
from models.domain.core.violations import RuleViolation
from models.domain.identity.grants import Seat, assess_closing
from models.store.core.act import Act
from models.store.core.audit import record
from models.store.identity.accounts import (
    OBJECT,
    create_account,
    disable_account,
    invite_account,
    lock_account,
    reopen_account,
)
from models.store.identity.grants import end_grant, grant_role
from models.store.identity.second_factors import remove_second_factor
from models.tables.identity.accounts import Account, AccountStatus, GrantRow, Passkey


def invite_staff(act: Act, *, email: str, name: str, language: str, seats: Sequence[Seat], because: str) -> UUID:
    """Make an account for a member of state staff with its roles, and mail the invitation.

    Refused: `email_taken` and `email_invalid` (field email), `administrator_alone`.
    """
    account_id = create_account(act, email=email, name=name, language=language, password=None, state_staff=True)
    for seat in seats:
        give_seat(act, account_id=account_id, seat=seat, because=because, invited=True)
    invite_account(act, account_id=account_id)
    return account_id


def resend_invitation(act: Act, *, account_id: UUID) -> None:
    """Mail a fresh link to somebody who has not set a password; refused (`not_invited`) for anybody else."""
    if lock_account(act.session, account_id).status != AccountStatus.INVITED:
        raise RuleViolation("not_invited", "This person has an account already.")
    invite_account(act, account_id=account_id)
    record(act, action="account.invite", object_type=OBJECT, object_id=account_id)


def give_seat(act: Act, *, account_id: UUID, seat: Seat, because: str, invited: bool = False) -> None:
    """Give a role; refused besides: `not_staff` for an account that never worked for the state, `account_disabled`."""
    if not invited:
        if lock_account(act.session, account_id).status == AccountStatus.DISABLED:
            raise RuleViolation("account_disabled", "This account is closed.")
        if not _was_staff(act.session, account_id):
            raise RuleViolation("not_staff", "This account does not belong to state staff.")
    grant_role(
        act,
        account_id=account_id,
        role=seat.role,
        scope_type=seat.scope_type,
        scope_id=seat.team,
        org_id=None,
        because=because,
    )


def end_seat(act: Act, *, account_id: UUID, seat: Seat, because: str) -> None:
    """End a role of state staff and free what was claimed with it; refused: `own_account`, `last_administrator`."""
    _refuse_endangering(act, account_id, administrator=seat.role is Role.ADM)
    end_grant(
        act, account_id=account_id, role=seat.role, scope_type=seat.scope_type, scope_id=seat.team, because=because
    )


def close_account(act: Act, *, account_id: UUID, because: str) -> int:
    """Close an account for a reason; returns how many tasks are free again. Refused as `end_seat` is."""
    _refuse_endangering(act, account_id, administrator=_holds(act.session, account_id, Role.ADM))
    return disable_account(act, account_id=account_id, because=because)


def open_again(act: Act, *, account_id: UUID, because: str) -> bool:
    """Open a closed account; returns whether an invitation goes out. Refused: `own_account`."""
    _refuse_own(act, account_id)
    return reopen_account(act, account_id=account_id, because=because)


def reset_second_factor(act: Act, *, account_id: UUID, because: str) -> None:
    """Turn a lost second step off; refused: `own_account`, and `second_factor_missing` where there is none."""
    _refuse_own(act, account_id)
    account = lock_account(act.session, account_id)
    keys = select(Passkey.id).where(Passkey.account_id == account_id, Passkey.removed_at.is_(None)).limit(1)
    if account.totp_confirmed_at is None and act.session.execute(keys).first() is None:
        raise RuleViolation("second_factor_missing", "There is no second step.")
    remove_second_factor(act, account_id=account_id)
    detail = {"because": because}
    record(act, action="account.reset_second_factor", object_type=OBJECT, object_id=account_id, detail=detail)


def _refuse_endangering(act: Act, account_id: UUID, *, administrator: bool) -> None:
    """Administrators are locked together, so that the last two cannot close each other at once."""
    statement = (
        select(Account.id)
        .join(GrantRow, GrantRow.account_id == Account.id)
        .where(GrantRow.role == Role.ADM, GrantRow.ended_at.is_(None), Account.status == AccountStatus.ACTIVE)
        .order_by(Account.id)
        .with_for_update(of=Account)
    )
    others = set(act.session.scalars(statement)) - {account_id} if administrator else set()
    own = act.by.id == account_id
    assess_closing(own=own, administrator=administrator, other_administrators=len(others))


def _refuse_own(act: Act, account_id: UUID) -> None:
    assess_closing(own=act.by.id == account_id, administrator=False, other_administrators=0)


def _holds(session: Session, account_id: UUID, role: Role) -> bool:
    held = select(func.count()).where(
        GrantRow.account_id == account_id, GrantRow.role == role, GrantRow.ended_at.is_(None)
    )
    return session.execute(held).scalar_one() > 0


def _was_staff(session: Session, account_id: UUID) -> bool:
    ever = select(GrantRow.id).where(GrantRow.account_id == account_id, GrantRow.role.in_(STATE_ROLES)).limit(1)
    return session.execute(ever).first() is not None
