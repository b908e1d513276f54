"""Sending a mail: to an account, to an address, or to everybody who holds a role; about one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from models.domain.core.calendar.dates import day_in_words
from models.domain.core.permissions import Role
from models.queries.core.program import setting
from models.queries.core.teams import holders
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.core.links import issue_link
from models.store.core.mail.messages import queue_message
from models.tables.identity.accounts import Account


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a mail: an address, the reader's name and language, and the account where there is one."""

    address: str
    name: str
    language: str
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RoleHolders:
    """Everybody who holds a role in a team, but those who are passed over; each gets a mail of the own cause."""

    role: Role
    team: str
    but: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What all mails about one thing say alike; `path` is the page that the button leads to."""

    entity_id: UUID | None
    org_id: UUID | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    path: str | None = None


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A link with a token, issued as the mail is written; older ones of the purpose and subject die.

    `page` is where it leads, without the token; `lifetime_setting` is the setting with its days.
    """

    purpose: str
    subject_id: UUID
    page: str
    lifetime_setting: str = "invitation_link_days"


Value = str | int | datetime


def send(
    act: Act,
    template: str,
    *,
    to: UUID | Recipient | RoleHolders,
    about: About,
    link: FreshLink | None = None,
    **values: Value,
) -> None:
    """Queue a mail, once per cause, template and address; `to` may be an account's id.

    `values` fill the template besides those of `about` and the reader's `name`; a moment is said as a day in
    the reader's language. None may be secret or health data; a token goes only into `link`, which is sealed.
    """
    for part, reader in _readers(act, to):
        known = {**about.values, **({"path": about.path} if about.path and not link else {}), "name": reader.name}
        queue_message(
            part,
            template=template,
            to_address=reader.address,
            language=reader.language,
            params={**known, **{name: _said(value, reader.language) for name, value in values.items()}},
            secret_params={"path": _issue(act.session, link, reader)} if link else None,
            account_id=reader.account_id,
            org_id=about.org_id,
            entity_id=about.entity_id,
        )


def _readers(act: Act, to: UUID | Recipient | RoleHolders) -> Iterator[tuple[Act, Recipient]]:
    if isinstance(to, Recipient):
        yield act, to
    elif isinstance(to, UUID):
        yield act, _of_account(act.session, to)
    else:
        for account_id in holders(act.session, to.role, to.team):
            if account_id not in to.but:
                yield act.part(account_id), _of_account(act.session, account_id)


def _of_account(session: Session, account_id: UUID) -> Recipient:
    account = session.get_one(Account, account_id)
    return Recipient(account.email, account.name, account.language, account.id)


def _issue(session: Session, link: FreshLink, reader: Recipient) -> str:
    """The path with a new token."""
    days = setting(session, link.lifetime_setting, db_now(session))
    token = issue_link(
        session,
        purpose=link.purpose,
        subject_id=link.subject_id,
        address=reader.address,
        lifetime=timedelta(days=days),
    )
    return f"{link.page}/{token}?lang={reader.language}"


def _said(value: Value, language: str) -> str:
    return day_in_words(value, language) if isinstance(value, datetime) else str(value)
