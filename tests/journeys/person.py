"""A person at a browser: opens pages, reads mails, fills in and presses, and sees what is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.stack import World, eventually
from tests.journeys.watch import WIDE, Watch
from tests.journeys.words import say
from webapp.cli.demo.people import PASSWORD

LINK = re.compile(r"https?://\S+")
expect.set_options(timeout=15_000)


class Person:
    """Somebody with a name, an address, a language and a browser of her own."""

    def __init__(self, desk: Desk, name: str, email: str, language: str = "en") -> None:
        self.name, self.email, self.language = name, email, language
        self._world = desk.world
        self._context = desk.browser.new_context(
            locale={"en": "en-US", "es": "es-US"}[language], viewport=WIDE, java_script_enabled=desk.scripts
        )
        self._context.set_default_timeout(15_000)
        self.page: Page = self._context.new_page()
        self._watch = Watch(self.page, desk.seen) if desk.scripts else None

    def opens(self, address: str) -> None:
        self.page.goto(address if "://" in address else self._world.web_url + address)
        self.looks_around()

    def looks_around(self) -> None:
        """The page is in her language and has no fault."""
        assert self.page.locator("html").get_attribute("lang") == self.language, self.page.url
        if self._watch:
            self._watch.look()

    def presses(self, text: str, within: Locator | None = None) -> None:
        """Press the button that says this in her language; the next page opens."""
        button = (within or self.page.locator("main")).get_by_role("button", name=say(self.language, text))
        self._goes_on(button.first)

    def follows(self, text: str) -> None:
        """Follow the link that says this in her language."""
        self._goes_on(self.page.get_by_role("link", name=say(self.language, text)).first)

    def _goes_on(self, target: Locator) -> None:
        headline = self.page.locator("h1").inner_text()
        expect(target, f"{self.name} at {self.page.url}, {headline!r}").to_be_visible()
        with self.page.expect_navigation():
            target.click()
        self.looks_around()

    def fills(self, answers: Mapping[str, object]) -> None:
        """Fill in every field of the page that the answers know; leave what is not asked here."""
        for name, value in answers.items():
            asked = self.page.locator(f"main form [name='{name}']")
            if not asked.count():
                continue
            if asked.first.evaluate("node => node.tagName") == "SELECT":
                asked.select_option(str(value))
            else:
                asked.fill(str(value))

    def checks(self, text: str) -> None:
        """Check the box, or choose the option, that says this."""
        self.page.locator("main").get_by_text(say(self.language, text), exact=True).first.click()

    def sees(self, text: str) -> None:
        """This is to be read on the page, in her language."""
        expect(self.page.locator("body")).to_contain_text(say(self.language, text))

    def sees_just(self, text: str) -> None:
        """These very words are to be read on the page, whatever her language."""
        expect(self.page.locator("body")).to_contain_text(text)

    def waits_for(self, text: str) -> None:
        """Come back to the page until it says this in her language."""
        wanted = say(self.language, text)

        def there() -> bool:
            self.page.reload()
            return wanted in self.page.locator("main").inner_text()

        eventually(f"{wanted!r} on {self.page.url}", there)
        self.looks_around()

    def gets_mail(self, about: str, number: int = 1) -> dict[str, Any]:
        """The `number`-th mail whose subject holds these words, as soon as it has come."""
        return eventually(
            f"mail {number} to {self.email} about {about!r}",
            lambda: (self.mails(about)[number - 1 :] or [None])[0],
        )

    def mails(self, about: str) -> list[dict[str, Any]]:
        return [mail for mail in self._world.mails_to(self.email) if about in mail["subject"]]

    def opens_mail(self, about: str, number: int = 1) -> None:
        """Open the link in a mail."""
        found = LINK.search(self.gets_mail(about, number)["text"])
        assert found, f"no link in the mail about {about!r}"
        self.opens(found[0])

    def signs_in(self) -> None:
        self.opens("/sign-in")
        self.fills({"email": self.email, "password": PASSWORD})
        self.presses("Sign in")

    def skips_to_the_content(self) -> None:
        """The first key leads to the link that skips the menu, the second follows it."""
        self.opens(self.page.url)
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".usa-skipnav")).to_be_focused()
        self.page.keyboard.press("Enter")
        assert self.focused == "main"

    def types_into_the_form(self, *texts: str) -> None:
        """From field to field with Tab, and send with Enter: no pointer."""
        for text in texts:
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.looks_around()

    @property
    def focused(self) -> str:
        """The id of what has the focus."""
        return str(self.page.evaluate("document.activeElement.id"))


class Desk:
    """What the people of one journey share: the stack with the pages already looked at, and the browser program."""

    def __init__(self, world: World, browser: Browser, *, scripts: bool = True) -> None:
        self.world, self.browser, self.scripts = world, browser, scripts
        self.seen = world.seen
