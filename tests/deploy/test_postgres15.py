"""Where the tests find PostgreSQL 15, and what is said when there is none."""

from __future__ import annotations

import pytest

from deploy.setup import postgres15
from deploy.setup.step import SetupError


@pytest.fixture
def nowhere(monkeypatch):
    monkeypatch.setattr(postgres15, "PLACES", ())
    monkeypatch.setattr(postgres15.os, "geteuid", lambda: 1000)
    monkeypatch.delenv(postgres15.SETTING, raising=False)


def test_a_folder_that_is_set_comes_first(tmp_path):
    assert postgres15.find_postgres15({postgres15.SETTING: str(tmp_path)}) == tmp_path


def test_well_known_places_are_searched(tmp_path, monkeypatch):
    (tmp_path / "postgres").touch()
    monkeypatch.setattr(postgres15, "PLACES", ("/nowhere", str(tmp_path)))
    assert postgres15.find_postgres15({}) == tmp_path


@pytest.mark.usefixtures("nowhere")
def test_a_build_without_it_fails_and_says_how_to_get_it(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SetupError, match=r"sudo apt-get install .* postgresql-15"):
        postgres15.ensure_postgres15()


@pytest.mark.usefixtures("nowhere")
def test_a_person_without_it_is_told_what_is_not_tested(monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    postgres15.ensure_postgres15()
    assert "nothing is tested on the oldest version" in capsys.readouterr().err
