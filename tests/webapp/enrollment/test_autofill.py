"""What a browser may fill in (S37, WCAG 1.3.5): a person's own data, never those of somebody else."""

from __future__ import annotations

import re

import pytest

from tests.webapp.applicants import browser
from tests.webapp.enrollment.forms import FORMS

TYPED = re.compile(r'<input[^>]*type="(?:text|email|tel|password)"[^>]*>')
NAMED = re.compile(r'name="([a-z0-9_]+)"')
MEANING = re.compile(r'autocomplete="([a-z0-9 -]+)"')
OF_OTHERS = ("cmo_", "ceo_", "backup_", "signer")
OF_A_COORDINATOR = ("coordinator_",)
"""Who fills in section B is asked for himself there, and nowhere else."""


@pytest.mark.parametrize(
    "case", [one for one in FORMS if one.texts and one.name != "withdraw"], ids=lambda case: case.name
)
def test_every_field_says_what_it_is_for_and_those_of_others_stay_empty(app, database, case):
    story = case.stage(database)
    page = browser(app, case.who).get((case.page or case.place)(story)).get_data(as_text=True)
    fields = TYPED.findall(page)
    assert fields
    others = OF_OTHERS if case.name.startswith("B-") else OF_OTHERS + OF_A_COORDINATOR
    for field in fields:
        name, meaning = NAMED.search(field)[1], MEANING.search(field)
        assert meaning, f"{name} says nothing"
        assert meaning[1] == "off" or not name.startswith(others), name
