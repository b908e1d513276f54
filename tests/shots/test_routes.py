"""Which addresses are pages, and which of them nobody has reached."""

from __future__ import annotations

from uuid import uuid4

from werkzeug.routing import Map, Rule

from tests.shots.routes import NO_PAGES, Routes, missing


def routes() -> Routes:
    return Routes(
        Map(
            [
                Rule("/", endpoint="public.start", methods=["GET"]),
                Rule("/cases/<uuid:case_id>", endpoint="cases.case", methods=["GET"]),
                Rule("/cases/<uuid:case_id>/<step>", endpoint="cases.step", methods=["GET", "POST"]),
                Rule("/cases/<uuid:case_id>/close", endpoint="cases.close", methods=["POST"]),
                Rule("/healthz/live", endpoint="health.live", methods=["GET"]),
            ]
        )
    )


def test_what_only_takes_forms_or_answers_machines_is_no_page():
    assert set(routes().pages) == {"public.start", "cases.case", "cases.step"}


def test_pages_without_values_need_no_link():
    assert routes().without_values() == ["/"]


def test_an_address_has_its_rule_and_its_values():
    case = uuid4()
    assert routes().rule_of(f"http://localhost:1/cases/{case}/two?x=1") == (
        "cases.step",
        {"case_id": case, "step": "two"},
    )
    assert routes().rule_of("/healthz/live") is routes().rule_of("/nowhere") is None


def test_a_rule_is_filled_with_what_was_seen_elsewhere():
    one, two = sorted(str(uuid4()) for _ in range(2))
    known = {"case_id": {one, two}}
    assert routes().filled_in("cases.case", known, 5) == [f"/cases/{one}", f"/cases/{two}"]
    assert routes().filled_in("cases.case", known, 1) == [f"/cases/{one}"]
    assert routes().filled_in("cases.step", known, 5) == []


def test_what_nobody_reached_is_named_with_its_rule():
    assert missing(routes(), {"public.start", "cases.case"}) == ["cases.step (/cases/<uuid:case_id>/<step>)"]


def test_every_exception_is_a_route(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert set(NO_PAGES) <= known
