"""Accounts and grants as the store writes them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from models.crypto.hashing import check_password, hash_password
from models.domain.core.actors import SYSTEM, person
from models.domain.core.permissions import Grant, Role, ScopeType
from models.domain.core.violations import RuleViolation
from models.postgres.database import transaction
from models.queries.identity.accounts import find_account, find_account_by_email
from models.store.core.act import Act
from models.store.identity.accounts import create_account, disable_account
from models.store.identity.grants import end_grant, grant_role
from models.store.identity.passwords import set_password
from models.tables.core.audit import AuditRow
from models.tables.identity.accounts import Account, AccountStatus, GrantRow

PASSWORD = "seven quiet herons wading"


def make(session, email="ana@example.org", **values):
    given = {"name": "Ana", "language": "en", "password": PASSWORD}
    return create_account(Act(session, SYSTEM, uuid4().hex), email=email, **(given | values))


def give(session, account_id, role=Role.REV, scope_type=ScopeType.TEAM, scope_id="enrollment", by=SYSTEM):
    grant_role(
        Act(session, by, uuid4().hex),
        account_id=account_id,
        role=role,
        scope_type=scope_type,
        scope_id=scope_id,
        org_id=None,
        because="test",
    )


def test_an_account_keeps_a_hash_and_leaves_an_audit_row(session):
    account_id = make(session)
    account = session.get_one(Account, account_id)
    assert PASSWORD not in account.password_hash
    assert check_password(PASSWORD, account.password_hash)
    assert session.scalars(select(AuditRow.action)).all() == ["account.create"]


def test_an_account_without_a_password_is_invited_and_may_not_sign_in(session):
    account = find_account(session, make(session, password=None))
    assert account.status is AccountStatus.INVITED
    assert not account.may_sign_in


@pytest.mark.parametrize("email", ["ana@example.org", " ANA@Example.org", "ａｎａ@example.org"])
def test_an_address_has_one_account_however_it_is_spelled(session, email):
    account_id = make(session)
    with pytest.raises(RuleViolation) as refused:
        make(session, email)
    assert (refused.value.code, refused.value.field) == ("email_taken", "email")
    assert find_account_by_email(session, email).account_id == account_id


def test_what_is_no_address_finds_nobody(session):
    assert find_account_by_email(session, "' OR 1=1 --") is None


def test_the_organization_is_no_part_of_a_good_password(session):
    with pytest.raises(RuleViolation) as refused:
        make(session, password="Blue Ridge Clinic 7", organization="Blue Ridge Clinic")
    assert refused.value.code == "password_context"


def test_the_name_of_an_organization_with_a_grant_is_no_password(session):
    from models.tables.organizations.locations import Organization

    organization = Organization(id=uuid4(), name="Blue Ridge Clinic")
    session.add(organization)
    account_id = make(session)
    grant_role(
        Act(session, SYSTEM, "g"),
        account_id=account_id,
        role=Role.ORG,
        scope_type=ScopeType.ORGANIZATION,
        scope_id=organization.id,
        org_id=organization.id,
        because="test",
    )
    with pytest.raises(RuleViolation) as refused:
        set_password(Act(session, SYSTEM, "p"), account_id=account_id, password="BlueRidgeClinic2021")
    assert refused.value.code == "password_context"


def test_the_password_of_a_closed_account_cannot_be_set(session):
    account_id = make(session)
    disable_account(Act(session, SYSTEM, "d"), account_id=account_id, because="left")
    with pytest.raises(RuleViolation) as refused:
        set_password(Act(session, SYSTEM, "p"), account_id=account_id, password="nine loud ravens walking")
    assert refused.value.code == "account_disabled"


def test_hashing_refuses_what_is_too_long_and_cuts_nothing():
    with pytest.raises(ValueError, match="limit"):
        hash_password("x" * 1025, state_staff=False)
    long = "seven quiet herons wading " * 4
    stored = hash_password(long, state_staff=False)
    assert check_password(long, stored)
    assert not check_password(long[:72], stored)
    assert not check_password(PASSWORD, None)
    assert not check_password(PASSWORD, "not a hash")


def test_a_grant_is_live_until_it_is_ended(session):
    account_id = make(session)
    give(session, account_id)
    assert find_account(session, account_id).grants == (Grant(Role.REV, ScopeType.TEAM, "enrollment"),)
    ended = [
        end_grant(
            Act(session, SYSTEM, key),
            account_id=account_id,
            role=Role.REV,
            scope_type=ScopeType.TEAM,
            scope_id="enrollment",
            because="left",
        )
        for key in ("a", "b")
    ]
    assert ended == [True, False]
    assert find_account(session, account_id).grants == ()
    assert session.scalars(select(GrantRow.ended_at)).one() is not None


def test_giving_a_role_twice_gives_it_once(session):
    account_id = make(session)
    give(session, account_id)
    give(session, account_id)
    assert len(session.scalars(select(GrantRow)).all()) == 1
    assert session.scalars(select(AuditRow.action)).all().count("grant.give") == 1


def test_nobody_gives_himself_a_role(session):
    account_id = make(session)
    with pytest.raises(RuleViolation) as refused:
        give(session, account_id, by=person(account_id))
    assert refused.value.code == "own_grant"


def test_an_administrator_has_no_other_role(session):
    account_id = make(session)
    give(session, account_id, Role.ADM, ScopeType.STATE, None)
    with pytest.raises(RuleViolation) as refused:
        give(session, account_id)
    assert refused.value.code == "administrator_alone"


def test_a_role_for_nobody_is_refused(session):
    with pytest.raises(RuleViolation) as refused:
        give(session, uuid4())
    assert refused.value.code == "account_unknown"


def test_two_roles_given_at_once_never_make_an_administrator_with_another_role(database):
    from concurrent.futures import ThreadPoolExecutor

    with transaction(database.app_engine) as session:
        account_id = make(session)

    def attempt(number):
        try:
            with transaction(database.app_engine) as session:
                if number % 2:
                    give(session, account_id, Role.ADM, ScopeType.STATE, None)
                else:
                    give(session, account_id)
        except RuleViolation as violation:
            return violation.code
        return "given"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, range(2)))
    assert answers == ["administrator_alone", "given"]
