"""Without JavaScript everything still works: an applicant begins, a reviewer signs in and takes a task."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.applying import Applicant
from tests.journeys.person import Desk
from tests.journeys.reviewing import reviewer
from tests.journeys.stack import World

DEMO_TASK = "Blue Ridge Family Practice"


class PlainStory:
    """Two people whose browsers run no script."""

    def __init__(self, desk: Desk) -> None:
        self.wanda = Applicant(desk, "Plain Clinic", "plain", "en")
        self.rita = reviewer(desk, "Rita Long", "plain")

    def when_an_applicant_begins_and_confirms(self) -> None:
        self.wanda.begins()
        self.wanda.presses("Send me the link")
        self.wanda.sees("There is a problem")
        self.wanda.says_who_she_is()
        self.wanda.confirms()

    def then_she_is_at_her_task_list(self) -> None:
        self.wanda.sees("Fill in section A, check it, and complete it. Then we ask your officers to sign it.")

    def when_a_reviewer_signs_in(self) -> None:
        self.rita.has_an_account()
        self.rita.signs_in_with_the_phone()

    def then_she_can_take_a_task_from_the_inbox(self) -> None:
        self.rita.takes(DEMO_TASK)
        self.rita.presses("Release")


@pytest.mark.journey
def test_beginning_signing_in_and_taking_a_task_need_no_script(world: World, chromium: Browser) -> None:
    story = PlainStory(Desk(world, chromium, scripts=False))
    story.when_an_applicant_begins_and_confirms()
    story.then_she_is_at_her_task_list()
    story.when_a_reviewer_signs_in()
    story.then_she_can_take_a_task_from_the_inbox()
