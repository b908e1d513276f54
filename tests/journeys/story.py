"""The story of one enrollment, told in sentences: who is there, what they do, and what is so afterwards."""

from __future__ import annotations

from tests.journeys.applying import ACTIVE, APPROVED, SIGN, Applicant, Coordinator, signs
from tests.journeys.person import Desk, Person
from tests.journeys.reviewing import reviewer


class EnrollmentStory:
    """An organization with its people, and two reviewers of the state."""

    def __init__(self, desk: Desk, organization: str, slug: str, language: str) -> None:
        self.desk, self.organization = desk, organization
        self.wanda = Applicant(desk, organization, slug, language)
        self.carla = Coordinator(desk, "Carla Coordinadora", f"carla@{slug}.example.org", language)
        self.medical_officer = Person(desk, "Helen Grady", f"helen.grady@{slug}.example.org", "en")
        self.executive = Person(desk, "Walter Amos", f"walter.amos@{slug}.example.org", language)
        self.first, self.second = reviewer(desk, "Rita Long", slug), reviewer(desk, "Omar Reese", slug)

    def given_two_reviewers_of_the_state(self) -> None:
        for person in (self.first, self.second):
            person.has_an_account()
            person.signs_in_with_the_phone()

    def given_an_enrollment_that_was_sent(self) -> None:
        self.when_the_applicant_begins()
        self.when_she_confirms_her_address()
        self.when_she_fills_in_section_a_and_lists_a_location()
        self.when_the_coordinator_joins_and_fills_in_section_b()
        self.when_everybody_signs()
        self.when_the_applicant_sends_the_enrollment()

    def when_the_applicant_begins(self) -> None:
        self.wanda.begins()
        self.wanda.says_who_she_is()

    def when_she_confirms_her_address(self) -> None:
        self.wanda.confirms()

    def when_she_fills_in_section_a_and_lists_a_location(self) -> None:
        self.wanda.fills_in_section_a(cmo_language="en")
        self.wanda.lists_a_location(self.carla)
        self.wanda.completes_section_a()

    def when_the_coordinator_joins_and_fills_in_section_b(self) -> None:
        self.carla.joins()
        self.carla.fills_in_section_b(self.wanda.location)

    def when_everybody_signs(self) -> None:
        for person in (self.medical_officer, self.executive, self.carla):
            signs(person)

    def when_the_applicant_sends_the_enrollment(self) -> None:
        self.wanda.sends_it()

    def when_the_first_reviewer_recommends_it(self) -> None:
        self.first.takes(self.organization)
        self.first.decides("Recommend approval")

    def then_the_first_reviewer_cannot_approve_it(self) -> None:
        self.first.is_refused(self.organization)

    def when_the_second_reviewer_approves_it(self) -> None:
        self.second.takes(self.organization)
        self.second.decides("Approve application")

    def then_the_applicant_sees_the_pin_of_her_location(self) -> None:
        self.wanda.sees_the_pin()

    def then_everybody_has_heard_of_the_approval(self) -> None:
        for person in (self.wanda, self.medical_officer, self.executive):
            person.gets_mail(APPROVED[person.language] + self.organization)
        self.carla.gets_mail(ACTIVE[self.carla.language])

    def then_each_was_asked_to_sign(self, *, officers: int, coordinator: int) -> None:
        """How many mails asked each of them to sign."""
        asked = {person: len(person.mails(SIGN[person.language])) for person in (self.medical_officer, self.executive)}
        assert set(asked.values()) == {officers}
        assert len(self.carla.mails(SIGN[self.carla.language])) == coordinator
