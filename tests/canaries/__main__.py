"""`make canaries`: a whole run on real parts, then a search for what people gave and what opens something (S30, I19).

Searched: Temporal's file, every log, every answer of the metrics, and the mails for answers of an application.
Exit status 0 when nothing was found where it must not be.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from sqlalchemy import Engine, text

from models.database import make_engine, transaction
from models.sealing import use_secret
from tests.canaries.columns import of_class
from tests.canaries.people import CanaryApplication, go_wrong
from tests.canaries.search import find
from tests.canaries.values import canaries_in, mailed_tokens
from tests.faults.clients import Reviewer, World
from tests.faults.journal import Journal
from tests.faults.judge import wait_until_quiet
from tests.faults.stack import SECRET, FaultStack
from webapp.cli.demo.people import PASSWORD, STAFF, hire

FACTS = ("postgres", "journal.jsonl", "mails.db")
"""Where personal values belong: the database, the clients' own journal and the people's mailboxes."""
NAMED_IN_MAILS = ("legal_name", "location_name")
"""A mail says which organization and which location it is about; no other answer is in any mail."""
STORIES = 2


def main() -> int:
    """One run from start to verdict."""
    home = Path(tempfile.mkdtemp(prefix="cvms-canaries-"))
    use_secret(SECRET)
    slugs = [f"zz{secrets.token_hex(6)}" for _ in range(STORIES)]
    with FaultStack(home, "") as stack:
        engine = make_engine(stack.owner_url, pool_size=2)
        with transaction(engine) as session:
            for member in STAFF:
                hire(session, member)
        world = World(stack.web_url, stack.mail_url, Journal(home / "journal.jsonl"), threading.Event())
        tell_stories(world, slugs)
        quiet = wait_until_quiet(engine)
        wanted = canaries_in(engine, of_class("phi", "pii", "secret")) | mailed_tokens(stack.mail_url) | {PASSWORD}
        in_mail = find({"a mail": mails_of(home)}, answers(engine))
        engine.dispose()
    places = places_of(home)
    hits = [*world.stuck, *find(places, wanted), *in_mail, *([] if quiet is not None else ["it was never quiet"])]
    for hit in hits:
        say(f"FOUND {hit}")
    say(f"stories={len(world.approved)} canaries={len(wanted)} places={len(places)} hits={len(hits)}")
    if hits or len(world.approved) < STORIES:
        say(f"everything is in {home}")
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


def tell_stories(world: World, slugs: list[str]) -> None:
    """Each application to its approval, by two reviewers, and what goes wrong on the way."""
    reviewers = [Reviewer(world, number) for number in range(2)]
    for reviewer in reviewers:
        reviewer.start()
    try:
        for slug in slugs:
            CanaryApplication(world, slug).tell()
            go_wrong(world, slug)
    finally:
        for reviewer in reviewers:
            reviewer.done.set()
        for reviewer in reviewers:
            reviewer.join(30)


def places_of(home: Path) -> dict[str, bytes]:
    """Every file that the run has written, but those that facts belong in."""
    files = (path for path in home.rglob("*") if path.is_file() and path.relative_to(home).parts[0] not in FACTS)
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def mails_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("mails.db*"))


def answers(engine: Engine) -> set[str]:
    """What the applications say: a mail may name people and places, never the answers."""
    query = text("""SELECT DISTINCT value FROM sections, jsonb_each_text(answers)
                     WHERE value LIKE 'Zz%' AND key <> ALL(:named)""")
    with engine.connect() as connection:
        return set(connection.execute(query, {"named": list(NAMED_IN_MAILS)}).scalars())


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
