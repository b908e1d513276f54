"""Recorded lives replay on every test run; a wrong edit is found; the order of commands is a committed baseline."""

from __future__ import annotations

import types
from pathlib import Path

import pytest
from temporalio.workflow import NondeterminismError

from models.domain.enrollment.kinds import ProcessKind
from tests.temporal import replay
from tests.workflows import histories
from tests.workflows.fingerprint import BASELINE, fingerprint, workflow_files
from workflows import enrollment
from workflows.enrollment import ProviderEnrollment

RECORDED = dict(histories.recorded())
EXPLANATION = """
The sequence of commands of {name} differs from tests/workflows/fingerprints.json.
Processes that run now replay their past with the new code. When a step was added, removed or moved:
  1. put the new order behind `workflow.patched("<what changed>")`, so that running processes keep the old one;
  2. check that every history in tests/histories still replays;
  3. record a life that takes the new way: python -m tests.workflows.histories;
  4. write the new baseline: python -m tests.workflows.fingerprint
"""


def test_every_kind_of_process_has_recorded_histories():
    for manner in ("", f".{histories.MANNER}"):
        assert {f"{kind}.{life}{manner}" for kind in ProcessKind for life in histories.LIVES} <= set(RECORDED)
    assert set(histories.LIVES) == {name.split(".")[1] for name in RECORDED}
    assert {name.split(".")[0] for name in RECORDED} == set(ProcessKind)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_life_replays(name):
    replay([ProviderEnrollment], RECORDED[name])


@pytest.mark.parametrize("life", ["ProviderEnrollment.approved", f"ProviderEnrollment.approved.{histories.MANNER}"])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("await self.do_and_wait(activities.request_review)", "await self.do_and_wait(activities.request_approval)"),
        ("await self.ask_the_facts(activities.look)", "self.next_step = self.next_step or NextStep.GATHER"),
        ("await self.have_it_reviewed()", "await workflow.sleep(1)\n                await self.have_it_reviewed()"),
        ("and await self.close()", "and True"),
    ],
)
def test_a_wrong_edit_does_not_replay(right, wrong, life):
    source = Path(enrollment.__file__).read_text(encoding="utf-8")
    assert right in source
    edited = types.ModuleType("edited_enrollment")
    exec(compile(source.replace(right, wrong), "edited_enrollment.py", "exec"), edited.__dict__)
    with pytest.raises(NondeterminismError):
        replay([edited.ProviderEnrollment], RECORDED[life], sandboxed=False)


@pytest.mark.parametrize("file", workflow_files(), ids=lambda file: file.stem)
def test_the_sequence_of_commands_is_the_committed_one(file):
    assert fingerprint(file) == BASELINE.get(file.stem), EXPLANATION.format(name=file.stem)


def test_an_edit_of_the_procedure_changes_the_fingerprint(tmp_path):
    source = workflow_files()[0].read_text(encoding="utf-8")
    edited = tmp_path / "enrollment.py"
    edited.write_text(source.replace("await self.have_it_reviewed()", "pass"), encoding="utf-8")
    assert fingerprint(edited) != fingerprint(workflow_files()[0])
