"""Live and ready: what the operator's tools ask."""

from __future__ import annotations

import dataclasses
import time

from sqlalchemy import text

from webapp import create_app


def beat(database, *, temporal="now()", seen="now()", problem=None):
    with database.owner_engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO worker_heartbeats (worker_id, seen_at, temporal_reached_at, temporal_problem) "
                f"VALUES ('w', {seen}, {temporal}, :problem)"
            ),
            {"problem": problem},
        )


def test_live_needs_nothing(client):
    response = client.get("/healthz/live")
    assert (response.status_code, response.json) == (200, {"status": "live"})


def test_ready_names_each_dependency(client, database):
    beat(database)
    response = client.get("/healthz/ready")
    found = response.json
    assert response.status_code == 200
    assert (found["database"], found["migrations"]) == ("up", "newest")
    assert found["oldest_unprocessed_event_seconds"] == 0
    assert found["worker_heartbeat"]["status"] == "up"
    assert found["temporal"]["status"] == "up"


def test_ready_without_any_worker_says_unknown(client):
    found = client.get("/healthz/ready").json
    assert found["worker_heartbeat"] == {"status": "unknown", "seconds_ago": None}
    assert found["ready"] is True


def test_temporal_down_does_not_make_the_web_unready(client, database):
    beat(database, temporal="now() - interval '5 minutes'", problem="connection refused")
    response = client.get("/healthz/ready")
    assert response.status_code == 200
    assert response.json["temporal"]["status"] == "down"
    assert response.json["temporal"]["problem"] == "connection refused"


def test_O6_what_is_said_of_temporal_is_current(client, database):
    """It was reached three seconds ago, and the worker has found it dead since."""
    beat(database, temporal="now() - interval '3 s'", problem="UNAVAILABLE")
    found = client.get("/healthz/ready").json["temporal"]
    assert (found["status"], found["problem"]) == ("down", "UNAVAILABLE")


def test_a_silent_worker_is_told_of(client, database):
    beat(database, seen="now() - interval '5 minutes'")
    assert client.get("/healthz/ready").json["worker_heartbeat"]["status"] == "silent"


def test_a_database_that_is_behind_is_not_ready(client, database):
    with database.owner_engine.begin() as connection:
        was = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    try:
        response = client.get("/healthz/ready")
        assert (response.status_code, response.json["migrations"]) == (503, "behind")
    finally:
        with database.owner_engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :was"), {"was": was})


def test_without_a_database_it_lives_and_is_not_ready(settings):
    cut_off = create_app(dataclasses.replace(settings, database_url="postgresql://x:x@127.0.0.1:1/x")).test_client()
    assert cut_off.get("/healthz/live").status_code == 200
    began = time.monotonic()
    response = cut_off.get("/healthz/ready")
    assert time.monotonic() - began < 3
    assert response.status_code == 503
    assert response.json["database"] == "down"
