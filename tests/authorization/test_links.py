"""A link opens for whoever holds it, whoever that is; no other token opens anything (cells K, S13, S14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.domain.capabilities import declared
from models.domain.core.actors import ANONYMOUS
from models.domain.enrollment.kinds import LinkPurpose
from models.domain.identity.declares import LinkPurpose as AccountLink
from models.postgres.database import transaction
from models.store.core.act import Act
from models.store.core.links import issue_link
from models.store.enrollment.start import begin_enrollment
from models.tables.enrollment.lifecycle import EnrollmentStart
from tests.authorization.answers import unwritten
from tests.authorization.cells import TOKEN_ROUTES, Cell, address_of, routes
from tests.authorization.oracle import Verdict
from tests.authorization.people import ROLES, Who
from tests.authorization.visits import Visitor
from tests.authorization.world import World

DEAD = frozenset({404, 410})
"""The link is none of ours, or it is over: a plain page, the same for each way of being wrong."""
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def tokens(world: World) -> dict[str, str]:
    """A live link of every purpose, each to what it is for."""
    waiting = world.other.list_location("Third site", "cy@piedmont.example")
    subjects = {
        LinkPurpose.CONFIRM_ENROLLMENT: begin(world),
        LinkPurpose.JOIN_LOCATION: waiting,
        LinkPurpose.SIGN_SECTION: world.other.signatures()[0].id,
        AccountLink.RESET_PASSWORD: world.people["RPT"].account,
        AccountLink.ACCEPT_ACCOUNT: world.people["RPT"].account,
    }
    assert set(subjects) == declared().link_purposes
    with transaction(world.database.app_engine) as session:
        return {
            purpose: issue_link(session, purpose=purpose, subject_id=subject, address="x@y.example", lifetime=A_DAY)
            for purpose, subject in subjects.items()
        }


def begin(world: World):
    with transaction(world.database.app_engine) as session:
        begin_enrollment(
            Act(session, ANONYMOUS, uuid4().hex),
            organization_name="Foothills",
            name="Zoe Day",
            email="zoe@foothills.example",
            language="en",
        )
        statement = select(EnrollmentStart.id).where(EnrollmentStart.email == "zoe@foothills.example")
        return session.scalars(statement).one()


def asked(app, who: Who, purpose: str, token: str, expected: Verdict) -> Iterator[Cell]:
    """Every route of a purpose with a token."""
    for rule, method in routes(app):
        if TOKEN_ROUTES.get(rule.endpoint) is purpose:
            view = app.view_functions[rule.endpoint]
            address = address_of(rule, None, token)
            yield Cell(who, rule.endpoint, method, rule.rule, address, view.permission, None, expected)


@pytest.mark.parametrize("role", ROLES)
def test_whoever_holds_the_token_comes_in_and_a_made_up_one_opens_nothing(app, world, tokens, facts, role):
    visitor = Visitor(app, world, world.people[role])
    before = facts.checksum()
    for purpose, token in tokens.items():
        for cell in asked(app, visitor.who, purpose, token, Verdict.ALLOWED):
            status = visitor.ask(cell).status_code
            assert status < 500, str(cell)
            assert status not in {401, 403, *DEAD}, f"{cell}: {status}"
        for cell in asked(app, visitor.who, purpose, "A" * len(token), Verdict.MISSING):
            assert visitor.ask(cell).status_code in DEAD, str(cell)
    assert facts.checksum() == before
    assert not unwritten(world.database, visitor)


def wrong_tokens(tokens: dict[str, str], purpose: str) -> dict[str, str]:
    """Everything that looks like the token of a purpose and is not."""
    token = tokens[purpose]
    others = {f"of {other}": text for other, text in tokens.items() if other is not purpose}
    return {
        **others,
        "cut": token[:-1],
        "longer": f"{token}A",
        "in capitals": token.swapcase(),
        "endless": token * 40,
        "of other letters": "ñ" * 43,
        "with NUL": f"{token}%00",
        "empty": "%20",
    }


@pytest.mark.parametrize("purpose", sorted(declared().link_purposes))
def test_a_token_of_another_purpose_or_not_quite_the_token_opens_nothing(app, world, tokens, facts, purpose):
    before = facts.checksum()
    for name, token in wrong_tokens(tokens, purpose).items():
        for who in (world.people["ANON"], world.people["ORG"]):
            for cell in asked(app, who, purpose, token, Verdict.MISSING):
                status = Visitor(app, world, who).ask(cell).status_code
                assert status in {400, *DEAD}, f"{cell}, token {name}: {status}"
    assert facts.checksum() == before
