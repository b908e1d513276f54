"""A form holds what it holds: fields of the server that somebody adds are not taken (S3, ASVS 15.3.3 and 15.3.7)."""

from __future__ import annotations

from sqlalchemy import text

from tests.authorization.cells import cells
from tests.authorization.oracle import Verdict
from tests.authorization.people import with_session
from tests.authorization.visits import TYPED, Visitor

MARK = "5eedfeed-dead-4bad-8bad-5eedfeedbeef"
SERVERS_OWN = (
    "role", "org_id", "status", "is_admin", "state", "eligible", "given_by", "id", "account_id", "assignee_id",
    "approved", "admin_account_id", "decided_by", "granted_by", "scope_id", "submission", "email_norm",
)  # fmt: skip
EXTRA = dict.fromkeys(SERVERS_OWN, MARK)
ROLES = ("ORG", "COO", "REV", "SUP", "ADM", "AUD")
SEE_OTHER = 303
"""The answer to a form that was whole: it has been acted on."""
ENDING = frozenset({"identity.sign_out"})


def test_no_row_holds_anything_of_the_fields_that_were_added(app, world, writes):
    asked = done = 0
    writes.take()
    for name in ROLES:
        for cell in posts(app, world, name):
            person = with_session(world.database, world.people[name])
            visitor = Visitor(app, world, person)
            answer = visitor.ask(cell, typed={"form_token": f"{asked:032x}", **TYPED, **EXTRA})
            assert answer.status_code < 500, str(cell)
            assert not rows_with_mark(world, writes.take(leave_out=frozenset())), str(cell)
            done += answer.status_code == SEE_OTHER
            asked += 1
    assert done > 50
    assert not rows_with_mark(world, every_table(world))


def posts(app, world, name):
    """Each form that the role may send, once."""
    seen = set()
    for cell in list(cells(app, world, world.people[name])):
        if cell.method == "POST" and cell.expected is Verdict.ALLOWED and cell.rule not in seen | ENDING:
            seen.add(cell.rule)
            yield cell


def every_table(world):
    with world.database.owner_engine.connect() as connection:
        return connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()


def rows_with_mark(world, tables):
    with world.database.owner_engine.connect() as connection:
        statement = 'SELECT count(*) FROM "{}" t WHERE t::text LIKE :mark'
        return [
            one for one in tables if connection.execute(text(statement.format(one)), {"mark": f"%{MARK}%"}).scalar()
        ]


def test_a_field_that_is_sent_twice_is_refused_and_nothing_counts(app, world):
    cell = next(
        one for one in cells(app, world, world.people["AUD"], endpoint="language.keep_language") if one.method == "POST"
    )
    for first, second in (("es", "en"), ("en", "es")):
        visitor = Visitor(app, world, with_session(world.database, world.people["AUD"]))
        before = language_of(world, visitor.who.account)
        answer = visitor.ask(cell, typed={"form_token": first.encode().hex().zfill(32), "language": [first, second]})
        assert answer.status_code == 400
        assert language_of(world, visitor.who.account) == before


def language_of(world, account_id):
    with world.database.owner_engine.connect() as connection:
        found = connection.execute(text("SELECT language FROM accounts WHERE id = :id"), {"id": account_id})
        return found.scalar_one()
