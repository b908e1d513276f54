"""The documents that repeat what the code says, compared with it; and that every document is there."""

from __future__ import annotations

import re

import pytest

from models.domain.capabilities import declared
from models.domain.core.permissions import Permission, Role
from models.domain.enrollment.declares import TASK_RULES
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import (
    ALLOWED,
    SECTION_ALLOWED,
    EnrollmentAction,
    EnrollmentState,
    SectionState,
    next_step,
)
from models.queries.operations.invariants import INVARIANTS
from tests.architecture.markdown import cells, differences, read_doc, table_below
from tests.architecture.tree import ROOT, report, room

NONE = "–"
ADVICE = "Change the document and the code together; the code's side is what people get."


def enrollment_acts() -> dict[tuple[str, str], str]:
    return {
        (act, state): ", ".join(role for role in Role if role in ALLOWED[state].get(act, ())) or NONE
        for act in EnrollmentAction
        for state in EnrollmentState
    }


def section_acts() -> dict[tuple[str, str], str]:
    return {
        (act, state): "yes" if state in allowed else NONE
        for act, allowed in SECTION_ALLOWED.items()
        for state in SectionState
    }


def task_rules() -> dict[tuple[str, str], str]:
    return {
        (kind, column): text
        for kind, rule in TASK_RULES.items()
        for column, text in {
            "asked of": rule.candidate_role or "the holder of the link",
            "team": rule.team or NONE,
            "outcomes": ", ".join(sorted(rule.outcomes)),
            "reminders, days": ", ".join(map(str, rule.reminder_days)) or NONE,
            "promised time": f"`{rule.promise}`" if rule.promise else NONE,
        }.items()
    }


def permissions() -> dict[tuple[str, str], str]:
    return {
        (permission, role): declared().matrix[permission].get(role, "·") for permission in Permission for role in Role
    }


@pytest.mark.parametrize(
    ("document", "heading", "meant"),
    [
        ("states.md", "Who may do what in each state", enrollment_acts),
        ("states.md", "What each state of a section allows", section_acts),
        ("states.md", "Whom an enrollment waits for", task_rules),
        ("security.md", "Who may do what", permissions),
    ],
)
def test_a_table_says_what_the_code_does(document, heading, meant):
    faults = differences(cells(table_below(read_doc(document), heading)), meant())
    assert not faults, report(faults, ADVICE)


def test_every_state_is_explained():
    rows = table_below(read_doc("states.md"), "What each state means")[1:]
    assert [row[0].strip("`") for row in rows] == list(EnrollmentState)


def test_the_next_steps_are_those_of_the_code():
    rows = table_below(read_doc("states.md"), "What the process does next")[1:]
    for state, reviewed, approved, step in rows:
        outcomes = {"reviewed": reviewed, "approved": approved}
        known = {name: outcome for name, outcome in outcomes.items() if outcome != NONE}
        assert next_step(EnrollmentState(state.strip("`")), **known) == step.strip("`"), (state, reviewed, approved)
    assert {row[0].strip("`") for row in rows} == set(EnrollmentState)


def changed_lines() -> list[list[str]]:
    return table_below(read_doc("security.md"), "Where the table differs from the programme's proposal")[1:]


def test_every_changed_line_is_one_of_the_table_and_has_its_reason():
    for line, change, reason in changed_lines():
        assert set(re.findall(r"`(\w+\.[\w.]+)`", line)) <= set(Permission), f"{line}: not in the table"
        assert change
        assert len(reason) > 20, f"{line}: say why"


def variables(text: str) -> set[str]:
    return set(re.findall(r"\b(?:CVMS_[A-Z_]+|DATABASE_URL)\b", text))


def test_every_setting_is_documented_and_every_documented_one_is_read():
    [settings] = room("models/running/settings.py")
    read = set(re.findall(r'environ\.get\(\s*"(\w+)"', settings.source))
    tables = read_doc("settings.md").partition("## The running stack")[0]
    named = {cell for line in tables.splitlines() if line.startswith("| `") for cell in variables(line.split("|")[1])}
    assert read == named, f"only in the code: {read - named}; only in docs/settings.md: {named - read}"


def test_the_runbook_knows_what_to_do_for_every_invariant():
    rows = " ".join(row[0] for row in table_below(read_doc("runbook.md"), "What `cvms verify` says, and what to do"))
    missing = {invariant.id for invariant in INVARIANTS} | {"I14", "I22"}
    assert missing <= set(re.findall(r"\bI\d+\b", rows)), "say in docs/runbook.md what a broken line means"


def test_the_glossary_has_one_line_for_each_word_in_both_languages():
    rows = [row for heading in GLOSSARY for row in table_below(read_doc("glossary.md"), heading)[1:]]
    words = [row[0].casefold() for row in rows]
    assert len(words) == len(set(words)), "a word stands twice"
    assert all(all(row) for row in rows), "a cell is empty"


GLOSSARY = ("People and places", "Enrollment", "Work", "The system")


@pytest.mark.parametrize("kind", [*EnrollmentState, *TaskKind])
def test_states_and_tasks_stand_in_the_glossary(kind):
    text = read_doc("glossary.md")
    assert f"`{kind}`" in text, f"say in docs/glossary.md what {kind} is called"


def dead_links(name: str, text: str) -> list[str]:
    """Links to files that are not there."""
    folder = (ROOT / name).parent
    targets = re.findall(r"\]\((?!https?://|mailto:|#)([^)#]+)", text)
    return [f"{name}: {target}" for target in targets if not (folder / target).exists()]


def named_paths(text: str) -> set[str]:
    """Paths of our rooms that a document names in backticks."""
    pattern = r"`((?:models|activities|workflows|webapp|deploy|tests|docs)/[\w./-]*[\w/]|worker\.py|Makefile)`"
    return set(re.findall(pattern, text))


DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_lead_to_files_that_are_there(name: str):
    text = (ROOT / name).read_text()
    gone = [path for path in sorted(named_paths(text)) if not (ROOT / path).exists()]
    assert not dead_links(name, text) + gone, report(dead_links(name, text) + gone, "Name what is there.")


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_fits_a_page(path):
    text = path.read_text()
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 60, "one page"
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)


def test_a_difference_between_document_and_code_is_noticed():
    table = [["act", "`draft`"], ["`submit`", "REV"]]
    assert differences(cells(table), {("submit", "draft"): "ORG"}) == [
        "submit × draft: the document says 'REV', the code 'ORG'"
    ]
    assert differences(cells(table), {("submit", "draft"): "REV"}) == []
    assert len(differences({}, {("submit", "draft"): "ORG"})) == 1


def test_a_dead_link_is_noticed():
    assert dead_links("README.md", "[a](docs/nowhere.md) [b](https://x.org) [c](#here)") == [
        "README.md: docs/nowhere.md"
    ]
    assert named_paths("`models/nowhere.py` and `models.py`") == {"models/nowhere.py"}
