"""T3: the clocks of worker, web and PostgreSQL are wrong by minutes and by a day. Nothing decided may change."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine, text

from tests.faults.clients import World, mailed_link
from tests.faults.scenario import Outcome
from tests.faults.stack import FaultStack
from tests.faults.swallowed import LossyWorld
from tests.faults.trial import Trial, tell
from tests.faults.wrong_clock import LIBRARY, clock, find_library
from webapp.cli.demo.people import PASSWORD

MINUTES, DAY = 300, 86_400
SKEWS: tuple[Mapping[str, int], ...] = (
    {"worker": MINUTES, "web": -MINUTES},
    {"worker": -MINUTES, "web": MINUTES},
    {"worker": DAY, "web": -DAY},
    {"worker": -DAY, "web": DAY},
    {"postgres": DAY},
    {"postgres": -DAY},
)
"""By how many seconds which clocks are ahead. PostgreSQL's is the product's: by it everything begins and ends."""
LOAD_FOR = 15.0
NOT_HERE = f"{LIBRARY} is not on this machine: sudo apt-get install faketime"

WRONG = {
    "a reminder went out early": "SELECT template FROM messages WHERE template LIKE '%reminder%'",
    "a deadline fired early": "SELECT kind FROM inv.deadline WHERE fired_at < due_at",
    "the audit has a time of another clock": """SELECT seq FROM inv.audit
        WHERE at NOT BETWEEN now() - interval '1 hour' AND now() + interval '5 s'""",
    "a mail has a time of another clock": """SELECT mail_id FROM inv.mail
        WHERE created_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '5 s'
           OR handed_over_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '5 s'""",
    "a session lives after its end": """SELECT sid_hash FROM inv.session_
        WHERE ended_at IS NULL AND last_seen_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '5 s'""",
}


END_SESSION = """UPDATE sessions SET ends_at = now() - interval '1 s'
    WHERE account_id = (SELECT id FROM accounts WHERE email_norm = :who)"""


def run(home: Path, seed: int) -> Outcome:
    """One trial for each pair of wrong clocks."""
    library = find_library()
    if library is None:
        return Outcome("not run", [NOT_HERE])
    told, problems = [], []
    for number, ahead in enumerate(SKEWS):
        folder = home / str(number)
        folder.mkdir()
        clocks = {part: clock(library, seconds) for part, seconds in ahead.items()}
        figures, found = skewed(folder, clocks, ahead.get("postgres", 0))
        named = ", ".join(f"{part} {seconds:+d} s" for part, seconds in ahead.items())
        told.append(f"{named}: {figures}")
        problems += [f"{named}: {problem}" for problem in found]
    return Outcome(f"seed={seed} " + "; ".join(told), problems)


def skewed(home: Path, environments: Mapping[str, Mapping[str, str]], ahead: int) -> tuple[str, list[str]]:
    """A trial without kills: whole stories under wrong clocks, then what is over is tried again."""
    problems: list[str] = []

    def harm(_stack: FaultStack, world: World, engine: Engine) -> None:
        time.sleep(LOAD_FOR)
        problems.extend(answers_to_what_is_over(world, engine))
        with engine.connect() as connection:
            for says, statement in WRONG.items():
                problems.extend(f"{says}: {row}" for row in connection.execute(text(statement)).all())

    world, verdict, calm = Trial(home, environments=environments, world=LossyWorld, ahead=ahead).run(harm)
    return tell(world, verdict, calm), [*problems, *verdict.problems]


def answers_to_what_is_over(world: World, engine: Engine) -> list[str]:
    """A link and a session that ended a moment ago by the database's clock: both must be refused."""
    problems = []
    late, timely = ("late@skew.example.org", "timely@skew.example.org")
    browser = world.browser("skew")
    for address in (late, timely):
        page = browser.get("/enrollment/begin/details")
        given = {"organization_name": address, "name": "Sky Skew", "email": address}
        browser.press(page, page.form("begin/details"), "begin", given)
    link = mailed_link(world, late, "enrollment/confirm")
    change(engine, "UPDATE links SET expires_at = now() - interval '1 s' WHERE address = :who", late)
    if any("password" in form.values for form in browser.get(link).forms):
        problems.append("a link was taken after its end")
    page = browser.get(mailed_link(world, timely, "enrollment/confirm"))
    browser.press(page, page.form("confirm"), "confirm", {"password": PASSWORD})
    if "sign-in" in browser.get("/enrollment").url:
        problems.append("a session was refused before its end")
    change(engine, END_SESSION, timely)
    if "sign-in" not in browser.get("/enrollment").url:
        problems.append("a session was taken after its end")
    return problems


def change(engine: Engine, statement: str, address: str) -> None:
    """Let something of an address be over; changing nothing would prove nothing."""
    with engine.begin() as connection:
        if connection.execute(text(statement), {"who": address}).rowcount != 1:
            raise LookupError(f"nothing of {address} to change")
