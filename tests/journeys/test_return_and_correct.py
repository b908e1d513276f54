"""An enrollment goes back for two fields, is corrected and signed anew where it changed, and is approved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from models.domain.enrollment.fields import StepName
from tests.journeys.applying import signs
from tests.journeys.person import Desk
from tests.journeys.stack import World
from tests.journeys.story import EnrollmentStory

REASONS = {
    "Organization's phone": "The number is not in service.",
    "Organization's email": "Mails to this address come back.",
}
CORRECTED = {"phone": "919-555-0177", "email": "front.desk@eno.example.org"}


class ReturnedStory(EnrollmentStory):
    """Section A is returned, section B is not."""

    def when_a_reviewer_returns_it_for_two_fields(self) -> None:
        self.first.takes(self.organization)
        self.first.returns(REASONS)

    def then_the_applicant_is_told_what_to_correct(self) -> None:
        self.wanda.gets_mail("Please correct your application")
        self.wanda.opens(self.wanda.home)
        for label, reason in REASONS.items():
            self.wanda.sees(label)
            self.wanda.sees(reason)

    def then_she_finds_each_reason_beside_its_field_and_her_answers_kept(self) -> None:
        self.wanda.follows(f"Section A: {next(iter(REASONS))}")
        for label, reason in REASONS.items():
            notice = self.wanda.page.locator(".usa-alert", has_text=f"Please correct: {label}")
            expect(notice).to_contain_text(reason)
            beside = notice.locator("xpath=following-sibling::*[1]")
            expect(beside.get_by_label(label)).not_to_have_value("")
        expect(self.wanda.page.locator("[name=legal_name]")).to_have_value(self.organization)

    def when_she_corrects_the_two_fields_only(self) -> None:
        assert StepName.ORGANIZATION in self.wanda.page.url
        self.wanda.fills(CORRECTED)
        self.wanda.presses("Save and continue")

    def then_both_are_ticked_off_and_there_is_one_next_step(self) -> None:
        """U7: what was corrected is no longer asked for."""
        self.wanda.opens(self.wanda.home)
        expect(self.wanda.page.get_by_text("Corrected", exact=True)).to_have_count(len(REASONS))
        expect(self.wanda.page.get_by_text("To correct", exact=True)).to_have_count(0)
        self.wanda.sees("Fill in section A, check it, and complete it. Then we ask your officers to sign it.")

    def when_she_completes_section_a_again(self) -> None:
        self.wanda.completes_section_a()

    def when_the_officers_sign_again(self) -> None:
        for person in (self.medical_officer, self.executive):
            signs(person, number=2)

    def when_the_first_reviewer_takes_it_again(self) -> None:
        self.first.takes(self.organization)

    def then_she_sees_what_changed(self) -> None:
        self.first.sees("2 answers changed since the last time.")
        self.first.sees("Changed. It was: ")

    def when_she_recommends_it(self) -> None:
        self.first.decides("Recommend approval")


@pytest.mark.journey
def test_an_enrollment_is_returned_corrected_and_approved(world: World, chromium: Browser) -> None:
    story = ReturnedStory(Desk(world, chromium), "Eno River Family Practice", "eno", "en")
    story.given_two_reviewers_of_the_state()
    story.given_an_enrollment_that_was_sent()

    story.when_a_reviewer_returns_it_for_two_fields()
    story.then_the_applicant_is_told_what_to_correct()
    story.then_she_finds_each_reason_beside_its_field_and_her_answers_kept()

    story.when_she_corrects_the_two_fields_only()
    story.then_both_are_ticked_off_and_there_is_one_next_step()
    story.when_she_completes_section_a_again()
    story.when_the_officers_sign_again()
    story.when_the_applicant_sends_the_enrollment()
    story.then_each_was_asked_to_sign(officers=2, coordinator=1)

    story.when_the_first_reviewer_takes_it_again()
    story.then_she_sees_what_changed()
    story.when_she_recommends_it()
    story.when_the_second_reviewer_approves_it()
    story.then_the_applicant_sees_the_pin_of_her_location()
    story.then_everybody_has_heard_of_the_approval()
