"""A clinic applies in Spanish, and is approved: every page, every mail, every person on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.person import Desk
from tests.journeys.stack import World
from tests.journeys.story import EnrollmentStory

SCREENSHOT = Path(__file__).resolve().parents[2] / "docs" / "screenshot.png"


class SpanishStory(EnrollmentStory):
    """The applicant, the coordinator and the executive read Spanish; the medical officer reads English."""

    def given_two_new_reviewers_who_set_up_their_phones(self) -> None:
        for person in (self.first, self.second):
            person.is_invited()
            person.sets_up_password_and_phone()

    def when_she_sends_an_empty_form(self) -> None:
        self.wanda.presses("Send me the link")

    def then_the_errors_have_the_focus(self) -> None:
        assert self.wanda.focused == "error-summary"
        assert self.wanda.page.title().startswith("Error:")
        expect(self.wanda.page.locator("#error-summary a")).to_have_count(3)

    def when_she_opens_the_start_page(self) -> None:
        self.wanda.begins()

    def when_she_skips_to_the_form_and_fills_it_in_by_keyboard_alone(self) -> None:
        self.wanda.skips_to_the_content()
        self.wanda.types_into_the_form(self.organization, self.wanda.name, self.wanda.email)
        self.wanda.sees("Check your email")

    def then_her_mail_is_in_spanish(self) -> None:
        mail = self.wanda.gets_mail("Confirme su inscripción")
        assert "Hola:" in mail["text"]
        assert self.wanda.name not in mail["text"], "nothing that was typed goes into it before it is confirmed (A8)"
        assert mail["html"].count('lang="es"')

    def then_the_inbox_shows_what_waits(self) -> None:
        self.first.looks_at_the_tasks_of_the_team()
        self.first.task_of(self.organization)
        if os.environ.get("CVMS_SCREENSHOT") or not SCREENSHOT.exists():
            self.first.page.screenshot(path=SCREENSHOT)

    def then_the_applicant_sees_that_a_reviewer_has_it(self) -> None:
        self.wanda.opens(self.wanda.home)
        self.wanda.sees("A reviewer checks it")


@pytest.mark.journey
def test_an_applicant_who_speaks_spanish_is_approved(world: World, chromium: Browser) -> None:
    story = SpanishStory(Desk(world, chromium), "Clínica Río Haw", "riohaw", "es")
    story.given_two_new_reviewers_who_set_up_their_phones()

    story.when_she_opens_the_start_page()
    story.when_she_sends_an_empty_form()
    story.then_the_errors_have_the_focus()
    story.when_she_skips_to_the_form_and_fills_it_in_by_keyboard_alone()
    story.then_her_mail_is_in_spanish()

    story.when_she_confirms_her_address()
    story.when_she_fills_in_section_a_and_lists_a_location()
    story.when_the_coordinator_joins_and_fills_in_section_b()
    story.when_everybody_signs()
    story.when_the_applicant_sends_the_enrollment()
    story.then_the_inbox_shows_what_waits()

    story.when_the_first_reviewer_recommends_it()
    story.then_the_applicant_sees_that_a_reviewer_has_it()
    story.then_the_first_reviewer_cannot_approve_it()
    story.when_the_second_reviewer_approves_it()
    story.then_the_applicant_sees_the_pin_of_her_location()
    story.then_everybody_has_heard_of_the_approval()
