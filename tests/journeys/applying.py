"""The people of an organization who apply, and what each of them does."""

from __future__ import annotations

import re

from models.domain.enrollment.fields import steps_of
from models.domain.enrollment.lifecycle import SectionKind
from tests.journeys.person import Desk, Person
from webapp.cli.demo.answers import section_a, section_b
from webapp.cli.demo.people import PASSWORD

PIN = re.compile(r"\b[1-9][0-9]{5}\b")
CONFIRM = {"en": "Confirm your enrollment", "es": "Confirme su inscripción"}
JOIN = {"en": "Please fill in the section for", "es": "Por favor, llene la sección de"}
SIGN = {"en": "Please sign", "es": "Por favor, firme"}
APPROVED = {"en": "Approved: ", "es": "Aprobada: "}
ACTIVE = {"en": "is active", "es": "está activo"}


class Applicant(Person):
    """The administrator of an organization that applies."""

    def __init__(self, desk: Desk, organization: str, slug: str, language: str) -> None:
        super().__init__(desk, "Wanda Robles", f"wanda@{slug}.example.org", language)
        self.organization, self.location, self._slug = organization, f"{organization} Durham", slug

    def begins(self) -> None:
        self.opens("/")
        self.follows("Start an application")
        self.follows("Start now")

    def says_who_she_is(self) -> None:
        self.fills({"organization_name": self.organization, "name": self.name, "email": self.email})
        self.presses("Send me the link")
        self.sees("Check your email")

    def confirms(self) -> None:
        self.opens_mail(CONFIRM[self.language])
        self.fills({"password": PASSWORD})
        self.presses("Confirm and continue")
        self.home = self.page.url

    def fills_in_section_a(self, **other: str) -> None:
        self.follows("Your organization")
        answers = section_a(self.organization, self.email, 1) | other
        for _step in steps_of(SectionKind.A):
            self.fills(answers)
            self.presses("Save and continue")

    def completes_section_a(self) -> None:
        self.opens(self.home)
        self.follows("Check the answers and complete the section")
        self.presses("Complete section")
        self.sees("The section is complete. We're emailing the links to sign it.")

    def lists_a_location(self, coordinator: Person) -> None:
        self.opens(self.home)
        self.follows("Add a location")
        asked = {"coordinator_name": coordinator.name, "coordinator_email": coordinator.email}
        self.fills({"name": self.location, **asked})
        self.page.get_by_text({"en": "English", "es": "Español"}[coordinator.language], exact=True).last.click()
        self.presses("Save the location")

    def sends_it(self) -> None:
        self.opens(self.home)
        self.waits_for("Everything is signed. Submit your application now.")
        self.follows("Submit the application")
        self.checks("I confirm that I may submit this application for the organization.")
        self.presses("Submit the application")
        self.sees("We have your application")

    def sees_the_pin(self) -> None:
        self.opens(self.home)
        self.waits_for(
            "Your application is approved, and your locations are active. Keep each location's PIN: "
            "you need it to order vaccine and when you call us."
        )
        assert PIN.search(self.page.locator("main").inner_text()), "no provider PIN is shown"


class Coordinator(Person):
    """The vaccine coordinator of the location."""

    def joins(self) -> None:
        self.opens_mail(JOIN[self.language])
        self.fills({"password": PASSWORD})
        self.presses("Join and continue")

    def fills_in_section_b(self, location: str) -> None:
        self.follows("This location")
        for _step in steps_of(SectionKind.B):
            self.fills(section_b(location, (self.email, self.name)))
            self.presses("Save and continue")
        self.presses("Complete section")


def signs(person: Person, number: int = 1) -> None:
    """Sign by the link of the `number`-th mail that asks for it."""
    person.opens_mail(SIGN[person.language], number)
    person.checks("I've read the text above, and I sign it.")
    person.fills({"typed_name": person.name})
    person.presses("Sign")
    person.sees("Thank you. You have signed.")
