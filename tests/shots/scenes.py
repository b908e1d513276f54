"""What people do besides following links, so that pages which only an act leads to are seen too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import text

from models.domain.core.actors import SYSTEM
from models.domain.core.permissions import Role, ScopeType
from models.postgres.database import make_engine
from models.queries.identity.accounts import find_account_by_email
from models.store.core.act import Act
from models.store.identity.grants import grant_role
from tests.journeys.stack import World, eventually
from tests.shots.walk import Walk
from webapp.cli.demo.people import PASSWORD, totp_secret

LINK = re.compile(r"https?://\S+")
SECRET = re.compile(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b")
PRESS = "main form button[type=submit]"
FORGETFUL, INVITED = "otis@capefear.example.org", "newcomer@state.example.org"
DEAD_LINKS = ("/account/reset/", "/account/invitation/", "/enrollment/sign/", "/enrollment/join/")
TWO = ("ira@quickshot.example.org", "june@harbor.example.org")
NO_TOKEN = "0" * 43
STALE = "UPDATE sessions SET proved_at = proved_at - interval '1 day'"


def sign_in(walk: Walk, email: str) -> None:
    """Sign in by password and, where it is asked, the code of the moment; the pages on the way are pictured."""
    walk.page.goto(f"{walk.base}/sign-in?lang=en")
    press(walk, email=email, password=PASSWORD)
    if "/second-factor" not in walk.page.url:
        return
    place = walk.page.url
    for address in (place, *walk.links_of("main a[href*='recovery']")):
        walk.visit(address)
    walk.page.goto(place)
    press(walk, code=pyotp.TOTP(totp_secret(email)).now())


def press(walk: Walk, **values: str) -> None:
    """Fill in fields of the page by their names and press its first button."""
    for name, value in values.items():
        walk.page.fill(f"main [name={name}]", value)
    with walk.page.expect_navigation():
        walk.page.locator(PRESS).first.click()
    walk.note()


def open_links_of_mails(walk: Walk, world: World) -> None:
    """Open every link that a mail of the demo holds, as whoever got it; two of each kind."""
    eventually("the mails of the demo", lambda: len(world.mails_to("")) >= len(LINK_PAGES))
    for mail in world.mails_to(""):
        found = LINK.search(mail["text"])
        if found and any(page in found[0] for page in LINK_PAGES):
            walk.visit(found[0])


LINK_PAGES = ("/enrollment/confirm/", "/enrollment/join/", "/enrollment/sign/")


def open_dead_links(walk: Walk, world: World) -> None:
    for address in DEAD_LINKS:
        walk.page.goto(f"{walk.base}{address}{NO_TOKEN}?lang=en")
        walk.picture(f"dead link {address}")


def send_empty_forms(walk: Walk, world: World) -> None:
    """What a form says when nothing was filled in."""
    for address in ("/sign-in", "/enrollment/begin/details"):
        walk.page.goto(f"{walk.base}{address}?lang=en")
        press(walk)
        walk.picture(f"nothing filled in {address}", as_it_is=True)


def send_an_empty_section(walk: Walk, world: World) -> None:
    """The errors of the first page of section A, in Spanish."""
    walk.page.goto(f"{walk.base}/enrollment?lang=es")
    section = next(link for link in walk.links_of("main a[href*='/enrollment/sections/']"))
    walk.page.goto(section)
    for field in walk.page.locator("main form input[type=text], main form input:not([type])").all():
        field.fill("")
    press(walk)
    walk.picture("nothing filled in, a section", as_it_is=True)


def forget_the_password(walk: Walk, world: World) -> None:
    walk.page.goto(f"{walk.base}/account/forgot?lang=en")
    press(walk, email=FORGETFUL)
    walk.picture("identity.forgot_password_sent")
    open_newest_mail(walk, world, FORGETFUL, "/account/reset/")
    press(walk, password=PASSWORD)
    walk.note()
    walk.picture("identity.reset_password_done")


def be_invited(walk: Walk, world: World) -> None:
    """The link in an invitation; then the first second factor of somebody who must have one."""
    world.command("create-user", INVITED, "--name", "Nina Pool", "--role", "REV", "--team", "enrollment")
    open_newest_mail(walk, world, INVITED, "/account/invitation/")
    for name in ("password", "new_password", "again", "repeat"):
        if walk.page.locator(f"main [name={name}]").count():
            walk.page.fill(f"main [name={name}]", PASSWORD)
    press(walk)
    walk.picture("the first second factor, asked for", as_it_is=True)
    connect_an_app(walk)


def open_newest_mail(walk: Walk, world: World, email: str, part: str) -> None:
    """Open the link of this kind that was mailed last, as soon as it is there."""

    def newest() -> str | None:
        links = [found[0] for mail in world.mails_to(email) if (found := LINK.search(mail["text"]))]
        return next((link for link in reversed(links) if part in link), None)

    walk.visit(eventually(f"a mail to {email} with {part}", newest))


def lose_nothing(walk: Walk, world: World) -> None:
    walk.page.goto(f"{walk.base}/nowhere?lang=en")
    walk.picture("no such page")


def add_a_second_factor(walk: Walk, world: World) -> None:
    """From the password to the recovery codes, then the pages that only somebody with a second factor has."""
    walk.page.goto(f"{walk.base}/account/second-factor/add?lang=en")
    press(walk, current_password=PASSWORD)
    connect_an_app(walk)
    for address in ("/account", "/account/second-factor/remove", "/account/second-factor/replace"):
        walk.visit(address)


def connect_an_app(walk: Walk) -> None:
    """Scan, type the code, put the recovery codes away."""
    if not SECRET.search(walk.page.inner_text("main")):
        press(walk)
    walk.picture("identity.set_up_second_factor")
    found = SECRET.search(walk.page.inner_text("main"))
    assert found, f"{walk.page.url} shows no secret"
    press(walk, code=pyotp.TOTP(found[0].replace(" ", "")).now())
    walk.picture("new recovery codes", as_it_is=True)
    press(walk)


def confirm_who_you_are(walk: Walk, world: World) -> None:
    """The proof that is asked for again before a dangerous act, a day after signing in."""
    engine = make_engine(world.environment["CVMS_OWNER_DATABASE_URL"], pool_size=1)
    with engine.begin() as connection:
        connection.execute(text(STALE))
    engine.dispose()
    walk.visit("/account/confirm")


def look_after_two(walk: Walk, world: World) -> None:
    """Somebody with a role at two organizations chooses between their enrollments."""
    with world.facts() as session:
        other, own = (find_account_by_email(session, email) for email in TWO)
        assert other is not None
        assert own is not None
        organization = UUID(str(other.grants[0].scope_id))
        grant_role(
            Act(session, SYSTEM, uuid4().hex),
            account_id=own.account_id,
            role=Role.ORG,
            scope_type=ScopeType.ORGANIZATION,
            scope_id=organization,
            org_id=organization,
            because="for the picture",
        )
    walk.visit("/enrollment")


def take_the_next_task(walk: Walk, world: World) -> None:
    """The page of a task for whoever has it, and what it says when no decision was chosen."""
    walk.page.goto(f"{walk.base}/tasks?lang=en")
    button = walk.page.locator("form[action$='/tasks/next'] button")
    if not button.count():
        return
    button.first.click()
    walk.picture("a task in hand")
    decide = walk.page.locator("form[action$='/decide'] button[type=submit]")
    if decide.count():
        decide.last.click()
        walk.picture("a task in hand, nothing chosen", as_it_is=True)


SCENES: Mapping[str, Callable[[Walk, World], None]] = {
    "mails": open_links_of_mails,
    "dead links": open_dead_links,
    "empty forms": send_empty_forms,
    "empty section": send_an_empty_section,
    "forgotten password": forget_the_password,
    "invitation": be_invited,
    "unknown page": lose_nothing,
    "second factor": add_a_second_factor,
    "proof again": confirm_who_you_are,
    "two organizations": look_after_two,
    "next task": take_the_next_task,
}
