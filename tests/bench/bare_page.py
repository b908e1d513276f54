"""The bare baseline of the web's measures: a tiny Flask app with the same server and driver, one statement a page."""

from __future__ import annotations

import os

from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, text

from models.postgres.database import make_engine
from models.running.settings import load_settings

PRESSES = "CREATE TABLE bench_presses (id bigserial PRIMARY KEY, task text, outcome text)"
LIST = """
<!doctype html><title>Tasks</title><h1>Tasks</h1>
<ul>{% for row in rows %}<li><a href="/tasks/{{ row.id }}">{{ row.kind }}</a> {{ row.due_at }}</li>{% endfor %}</ul>
"""
FIRST_PAGE = "SELECT id, kind, due_at FROM tasks WHERE status = 'open' AND team = 'enrollment' ORDER BY due_at LIMIT 25"
THREADS = 8


def create_app(engine: Engine | None = None) -> Flask:
    """The app, on an engine or on the database of the environment."""
    app = Flask(__name__)
    app.config["SETTINGS"] = load_settings(os.environ)
    opened = engine or make_engine(os.environ["DATABASE_URL"], pool_size=THREADS)

    @app.get("/tasks")
    def first_page() -> ResponseReturnValue:
        with opened.connect() as connection:
            rows = connection.execute(text(FIRST_PAGE)).all()
        return render_template_string(LIST, rows=rows)

    @app.post("/decide")
    def decide() -> ResponseReturnValue:
        with opened.begin() as connection:
            values = {"task": request.form["form_token"], "outcome": request.form["outcome"]}
            connection.execute(text("INSERT INTO bench_presses (task, outcome) VALUES (:task, :outcome)"), values)
        return redirect("/tasks", 303)

    return app
