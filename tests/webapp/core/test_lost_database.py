"""PostgreSQL that dies in the middle of a request is no bare failure (O4)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from webapp.extensions import db


@pytest.fixture
def cut_off(own_app, database):
    """The web app with pages whose connection dies before, or after, they have their answer."""
    app = own_app
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def read():
        return str(db.session.execute(text("SELECT 1")).scalar())

    def die():
        mine = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with database.app_engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})

    @app.route("/dies-after")
    def dies_after():
        page = read()
        die()
        return page

    @app.route("/dies-before")
    def dies_before():
        die()
        return read()

    @app.teardown_request
    def clumsy(_error):
        if app.config.get("CLUMSY"):
            raise ValueError("Zzcanary")

    return app


def test_O4_a_page_that_is_made_is_answered_when_its_connection_dies_before_it_is_put_away(cut_off):
    client = cut_off.test_client()
    for _ in range(3):
        answer = client.get("/dies-after")
        assert (answer.status_code, answer.text) == (200, "1")
        assert "Content-Security-Policy" in answer.headers
    assert client.get("/help").status_code == 200
    with cut_off.app_context():
        assert db.engine.pool.checkedout() == 0


def test_O4_a_page_that_cannot_be_made_asks_to_come_back(cut_off):
    client = cut_off.test_client()
    answer = client.get("/dies-before")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Content-Security-Policy" in answer.headers
    with cut_off.app_context():
        assert db.engine.pool.checkedout() == 0


def test_O4_whatever_fails_when_a_request_is_put_away_leaves_the_answer_alone(cut_off):
    cut_off.config["CLUMSY"] = True
    assert cut_off.test_client().get("/help").status_code == 200
