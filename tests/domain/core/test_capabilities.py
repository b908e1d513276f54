"""What the capabilities declare, held together: names that two would share, and names that nothing knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.domain.capabilities import CAPABILITIES, declared, process_rule, task_rule
from models.domain.core.capability import Capability, compose
from models.domain.core.processes import ProcessEventKind, WaitingFor
from models.domain.enrollment.kinds import TaskKind
from models.domain.enrollment.lifecycle import FINAL
from models.reference import load
from tests.toy.declares import CAPABILITY as TOY

MAILS = Path("models/reference/messages")


def test_every_mail_is_declared_and_every_declared_mail_is_there():
    assert declared().mails == {file.stem for file in MAILS.glob("[!_]*.yaml")}


def test_what_a_task_asks_for_exists():
    settings, known = load("program_settings"), declared()
    for kind, rule in known.task_rules.items():
        assert rule.permission in known.matrix, kind
        assert rule.promise is None or rule.promise in settings, kind
        assert rule.team is None or rule.team in known.teams, kind
        assert rule.link_purpose is None or rule.link_purpose in known.link_purposes, kind
        assert rule.outcomes, kind


def test_every_state_of_a_lifecycle_waits_for_somebody_or_is_final():
    for kind, rule in declared().processes.items():
        assert rule.lifecycle is not None, kind
        assert set(rule.lifecycle.allowed) == set(rule.states), kind
        assert rule.final == rule.lifecycle.final, kind
    assert process_rule("ProviderEnrollment").final == FINAL


def test_the_core_declares_what_every_process_is_told():
    assert declared().events >= set(ProcessEventKind)


@pytest.mark.parametrize("twice", CAPABILITIES, ids=lambda one: one.name)
def test_a_name_belongs_to_one_capability(twice: Capability):
    with pytest.raises(ValueError, match="declared twice"):
        compose((*CAPABILITIES, replace(twice, name="another")))


def test_what_nobody_declares_is_not_known():
    with pytest.raises(LookupError):
        task_rule("of_a_newer_version")
    assert task_rule(TaskKind.SIGN_SECTION).link_purpose == "sign_section"


def test_a_further_capability_is_known_as_soon_as_it_is_put_in():
    known = compose((*CAPABILITIES, TOY))
    assert set(known.processes) - set(declared().processes) == {"ToyInspection", "ToyRecall"}
    assert known.entity_types == declared().entity_types | {"toy"}
    assert set(known.processes["ToyRecall"].states.values()) == {WaitingFor.PERSON, WaitingFor.NOBODY}
