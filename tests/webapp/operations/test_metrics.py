"""Metrics: figures from the facts, counts of requests and loops by names of the code, and a page of its own."""

from __future__ import annotations

import dataclasses
import os
import re
import urllib.request

import pytest
from prometheus_client import generate_latest, values
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from activities.core.loops.loop import Loop
from deploy.local.ports import free_ports
from models.running import metering
from models.running.metrics import MetricsPage, forget_earlier_runs, metrics_registry, serve_metrics
from models.running.settings import load_settings
from tests.enrollment_story import EnrollmentStory
from tests.site import web_app

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")


@pytest.fixture
def counted(settings, monkeypatch):
    """Settings with a port, and the counting they bring; all of it undone afterwards."""
    kind = values.ValueClass
    monkeypatch.setenv(metering.SHARED_FOLDER, "")
    chosen = dataclasses.replace(settings, metrics_port=free_ports(1)[0])
    metering.start_counting(chosen, os.environ)
    yield chosen
    metering.stop_counting()
    values.ValueClass = kind


def samples(page):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def shown(database, settings):
    return generate_latest(metrics_registry(database.app_engine, metering.folder_of(settings))).decode()


def change(database, statement):
    with database.owner_engine.begin() as connection:
        connection.execute(text(statement))


def test_figures_come_from_the_facts(database, counted):
    story = EnrollmentStory(database)
    story.fill_in()
    change(database, "UPDATE tasks SET due_at = now() + interval '1 minute'")
    figures = samples(shown(database, counted))
    assert figures["cvms_database_up",] == 1
    assert figures["cvms_processes_open", "ProviderEnrollment"] == 1
    assert figures["cvms_processes_stalled", "ProviderEnrollment"] == 0
    assert figures["cvms_tasks_open", "sign_section"] == len(story.tasks())
    assert figures["cvms_tasks_overdue", "sign_section"] == 0
    assert figures["cvms_messages", "waiting"] > 0
    assert figures["cvms_messages", "undeliverable"] == 0
    assert figures["cvms_messages_refused",] == 0
    assert figures["cvms_oldest_unprocessed_event_seconds",] >= 0
    assert figures["cvms_oldest_unsealed_audit_seconds",] >= 0
    assert figures["cvms_sessions_live",] == 0
    assert ("cvms_worker_seen_seconds",) not in figures


def test_what_is_late_shows(database, counted):
    EnrollmentStory(database).fill_in()
    change(database, "UPDATE news SET created_at = now() - interval '2 minutes'")
    change(database, "UPDATE tasks SET due_at = now() - interval '1 minute'")
    change(database, "UPDATE messages SET status = 'undeliverable'")
    figures = samples(shown(database, counted))
    assert figures["cvms_processes_stalled", "ProviderEnrollment"] == 1
    assert figures["cvms_tasks_overdue", "sign_section"] > 0
    assert figures["cvms_messages", "undeliverable"] > 0
    assert figures["cvms_messages", "waiting"] == 0


def test_a_database_that_does_not_answer_is_a_figure_too(database, counted):
    from models.postgres.database import make_engine

    nowhere = make_engine("postgresql://x:y@127.0.0.1:1/none", pool_size=1)
    page = generate_latest(metrics_registry(nowhere, metering.folder_of(counted))).decode()
    assert samples(page) == {("cvms_database_up",): 0}


def test_requests_are_counted_by_rule_and_never_by_address(database, counted):
    with web_app(counted) as app:
        client = app.test_client()
        client.get("/healthz/live")
        client.get("/healthz/live")
        client.get("/Zzcanary?name=Zzcanary")
        client.open("/healthz/live", method="ZZCANARY")
    page = shown(database, counted)
    assert samples(page)["cvms_request_seconds_count", "/healthz/live", "200", "GET"] == 2
    assert samples(page)["cvms_request_seconds_count", "404", "GET", "none"] == 1
    assert "zzcanary" not in page.lower()


def test_no_label_is_an_id(database, counted):
    story = EnrollmentStory(database)
    with web_app(counted) as app:
        app.test_client().get(f"/enrollment/{story.id}")
    assert not UUID.search(shown(database, counted))


def test_turns_of_loops_are_counted_by_how_they_went(database, counted):
    turns = iter([True, False])

    def turn():
        if next(turns):
            return False
        raise ValueError("Zzcanary")

    loop = Loop("tester", turn, every=0.0)
    loop._one_turn()
    loop._one_turn()
    page = shown(database, counted)
    assert samples(page)["cvms_loop_turns_total", "tester", "well"] == 1
    assert samples(page)["cvms_loop_turns_total", "failed", "tester"] == 1
    assert "Zzcanary" not in page


def test_without_a_port_nothing_is_counted_or_served(settings):
    environ = {}
    metering.start_counting(settings, environ)
    metering.count_turn("tester", failed=False)
    assert environ == {}
    assert serve_metrics(settings, settings.database_url) is None
    assert not metering.folder_of(settings).exists()


def test_the_page_stays_on_this_machine_unless_told_otherwise():
    assert load_settings({}).metrics_port == 0
    assert load_settings({"CVMS_METRICS_PORT": "9100"}).metrics_host == "127.0.0.1"


def fetched(settings):
    with urllib.request.urlopen(f"http://127.0.0.1:{settings.metrics_port}/metrics", timeout=5) as answer:
        return answer.read().decode()


def wait_for(page):
    page.join(5)
    assert page.server is not None


def test_another_process_takes_the_page_over(database, counted, monkeypatch):
    monkeypatch.setattr("models.running.metrics.TRY_AGAIN_AFTER", 0.05)
    first = serve_metrics(counted, counted.database_url)
    wait_for(first)
    assert "cvms_database_up 1.0" in fetched(counted)
    second = MetricsPage(counted, counted.worker_database_url)
    second.start()
    second.join(0.3)
    assert second.is_alive()
    first.stop()
    wait_for(second)
    assert "cvms_database_up 1.0" in fetched(counted)
    second.stop()


def test_counts_of_an_earlier_run_are_forgotten_but_never_those_of_a_living_process(tmp_path):
    dead, own, living = (tmp_path / f"counter_{pid}.db" for pid in (4_194_304, os.getpid(), os.getppid()))
    for file in (dead, own, living):
        file.touch()
    forget_earlier_runs(tmp_path)
    assert dead.exists()
    living.unlink()
    forget_earlier_runs(tmp_path)
    assert (dead.exists(), own.exists()) == (False, True)
