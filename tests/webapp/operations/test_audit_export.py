"""The audit trail as a file that proves itself: change, delete, swap, cut and rewrite are found (S18)."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from models.domain.core.audit.chain import GENESIS, seal
from models.domain.core.audit.export import MOST_FAULTS, SealedRow, last_line, prove, row_line
from models.postgres.database import transaction
from models.queries.core.audit import chain_head
from models.store.core.audit import seal_new_rows
from tests.enrollment_story import EnrollmentStory
from webapp.cli import audit_export as command

ROWS = 12


def chain(rows):
    """An export of rows, rightly sealed."""
    lines, head = [], GENESIS
    for seq, row in enumerate(rows, start=1):
        before, head = head, seal(head, row)
        lines.append(row_line(SealedRow(seq, before, head, row)))
    return [*lines, last_line(head=head, count=len(rows))]


@pytest.fixture
def lines():
    return chain([{"id": number, "action": f"act {number}", "detail": {"b": 1, "a": "ñ"}} for number in range(ROWS)])


def head_of(lines):
    return json.loads(lines[-1])["head"]


def edited(line, **changed):
    entry = json.loads(line)
    return json.dumps({**entry, "row": {**entry["row"], **changed}}) + "\n"


def test_a_whole_export_is_proved(lines):
    proof = prove(lines, head=head_of(lines))
    assert (proof.faults, proof.count, proof.head) == ([], ROWS, head_of(lines))


@pytest.mark.parametrize("place", [0, 5, ROWS - 1])
def test_a_changed_row_is_found(lines, place):
    lines[place] = edited(lines[place], action="other")
    assert prove(lines).faults == [f"line {place + 1}: the row does not fit its seal"]


@pytest.mark.parametrize("place", [0, 5, ROWS - 1])
def test_a_deleted_row_is_found(lines, place):
    del lines[place]
    assert prove(lines).faults


@pytest.mark.parametrize("place", [0, 5, ROWS - 2])
def test_two_swapped_rows_are_found(lines, place):
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    assert prove(lines).faults


@pytest.mark.parametrize("place", [0, 5, ROWS - 2])
def test_two_swapped_rows_between_their_seals_are_found(lines, place):
    first, second = json.loads(lines[place]), json.loads(lines[place + 1])
    first["row"], second["row"] = second["row"], first["row"]
    lines[place : place + 2] = [json.dumps(first) + "\n", json.dumps(second) + "\n"]
    assert prove(lines).faults


def test_an_added_row_is_found(lines):
    lines.insert(3, lines[3])
    assert prove(lines).faults


def test_a_cut_file_lacks_its_last_line(lines):
    assert prove(lines[:5]).faults == ["the last line is missing: the file was cut"]


def test_a_tail_cut_off_with_a_fitting_last_line_is_found_by_the_head_alone(lines):
    cut = [*lines[:5], last_line(head=json.loads(lines[4])["hash"], count=5)]
    assert prove(cut).faults == []
    [fault] = prove(cut, head=head_of(lines)).faults
    assert "is not in the chain" in fault


def test_a_chain_rewritten_as_a_whole_is_found_by_the_head_alone(lines):
    rewritten = chain([json.loads(edited(line, action="other"))["row"] for line in lines[:-1]])
    assert prove(rewritten).faults == []
    assert prove(rewritten, head=head_of(lines)).faults


def test_an_older_head_stands_in_a_chain_that_went_on(lines):
    assert prove(lines, head=json.loads(lines[4])["hash"]).faults == []


def test_a_wrong_last_line_and_what_comes_after_it_are_found(lines):
    assert prove([*lines[:-1], last_line(head=head_of(lines), count=ROWS + 1)]).faults
    assert prove([*lines, lines[-2]]).faults
    assert prove(["nonsense\n", *lines]).faults
    assert prove(["[]\n", '{"x": 1}\n', *lines]).faults
    assert prove([]).faults


def test_only_the_first_faults_are_named():
    assert len(prove(["nonsense\n"] * 1000).faults) == MOST_FAULTS


@given(some.integers(0, ROWS), some.data())
def test_any_changed_character_of_a_row_is_found(place, data):
    lines = chain([{"id": number, "action": "act"} for number in range(ROWS + 1)])
    at = data.draw(some.integers(0, len(lines[place]) - 2))
    other = data.draw(some.characters(codec="ascii").filter(lambda one: one != lines[place][at] and one not in "\r\n"))
    whole = lines[place]
    lines[place] = whole[:at] + other + whole[at + 1 :]
    same = json.loads(whole)
    try:
        unchanged = json.loads(lines[place]) == same
    except ValueError:
        unchanged = False
    assert bool(prove(lines).faults) is not unchanged


@pytest.fixture
def run(database, settings, monkeypatch):
    monkeypatch.setattr(command, "command_settings", lambda: settings)
    return lambda *arguments: CliRunner().invoke(command.audit_export, [str(argument) for argument in arguments])


@pytest.fixture
def sealed(database):
    EnrollmentStory(database).fill_in()
    with transaction(database.worker_engine) as session:
        seal_new_rows(session)
    with transaction(database.app_engine) as session:
        return chain_head(session)


def test_the_trail_of_the_database_is_written_and_proved_without_it(run, sealed, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "BATCH", 7)
    file = tmp_path / "audit.jsonl"
    written = run(file)
    assert written.output == f"{sealed.seq} rows are in {file}. Head: {sealed.hash}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    monkeypatch.setattr(command, "command_settings", lambda: pytest.fail("needs no database"))
    proved = run("--check", file, "--head", sealed.hash)
    assert (proved.exit_code, proved.output) == (
        0,
        f"ok     {sealed.seq} rows, the chain is whole. Head: {sealed.hash}\n",
    )


def test_a_changed_file_is_refused_with_status_one(run, sealed, tmp_path):
    file = tmp_path / "audit.jsonl"
    run(file)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join([edited(lines[0], outcome="denied"), *lines[1:]]))
    answer = run("--check", file)
    assert (answer.exit_code, answer.output) == (1, "BROKEN line 1: the row does not fit its seal\n")


def test_an_empty_trail_is_whole(run, database, tmp_path):
    assert run(tmp_path / "empty").output.startswith("0 rows")
    assert run("--check", tmp_path / "empty").exit_code == 0


def test_misuse_is_said(run, tmp_path):
    assert "goes with --check" in run(tmp_path / "x", "--head", "abc").output
    assert "There is no file" in run("--check", tmp_path / "none").output
