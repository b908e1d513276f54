"""Templates: nothing unescaped, nothing inline, a token in every form, none missing and none left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

import pytest

from tests.architecture.tree import ROOT, Module, found_in, report, room

FOLDER = ROOT / "webapp/templates"
FORBIDDEN = {
    "text that is not escaped": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style inside the page": re.compile(r"<style\b|\sstyle=", re.IGNORECASE),
    "a handler inside the page": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "something from another server": re.compile(r"(src|srcset|action)=[\"'](https?:)?//", re.IGNORECASE),
    "an address that is not made by url_for": re.compile(r"\b(href|action)=\"/(?!/)"),
}
POSTING = re.compile(
    r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>|<form\b[^>]*method=\"post\"[^>]*>(.*)", re.IGNORECASE | re.DOTALL
)
TOKEN = re.compile(r"csrf_token|hidden_tag|\btokens\(\)")
USES = re.compile(r"{%-?\s*(?:extends|include|from|import)\s+[\"']([^\"']+\.html)[\"']")
NAME = re.compile(r"[\w-]+(/[\w-]+)+\.html")


def templates() -> dict[str, str]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text()
        for path in found_in("webapp/templates", FOLDER.rglob("*.html"))
    }


def forbidden(texts: Mapping[str, str]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0).strip()}"
        for name, text in texts.items()
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]


def forms_without_token(texts: Mapping[str, str]) -> list[str]:
    return [name for name, text in texts.items() for form in POSTING.finditer(text) if not TOKEN.search(form.group(0))]


def named_in(modules: Iterable[Module], texts: Mapping[str, str]) -> set[str]:
    """Every template that code or another template names."""
    in_code = {
        node.value
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }
    return in_code | {name for text in texts.values() for name in USES.findall(text)}


def test_templates_hold_nothing_that_the_content_policy_or_escaping_forbids():
    faults = forbidden(templates())
    assert not faults, report(faults, "Put it into webapp/static/, let Jinja escape it, make addresses with url_for.")


def test_every_form_that_changes_something_carries_a_token():
    faults = forms_without_token(templates())
    assert not faults, report(
        faults, "Open it with form_open of components/forms.html, or write the csrf_token into it."
    )


def test_every_template_that_is_named_is_there_and_every_one_there_is_named():
    named, there = named_in(room("webapp"), templates()), set(templates())
    assert named == there, f"named but missing: {sorted(named - there)}; there but never named: {sorted(there - named)}"


def test_code_marks_no_text_as_safe():
    faults = [
        module.path for module in room("webapp") if re.search(r"\bMarkup\(|render_template_string", module.source)
    ]
    assert not faults, report(faults, "Write a macro; a page made of strings is not escaped.")


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{% autoescape false %}",
        "<script>x()</script>",
        '<p style="color: red">',
        '<button onclick="x()">',
        '<img src="https://elsewhere.example/x.png">',
        '<a href="/tasks">',
    ],
)
def test_violations_are_noticed(text: str):
    assert forbidden({"x.html": text})


def test_a_form_without_a_token_is_noticed():
    bare = '<form method="post" action="{{ x }}"><button>Go</button></form>'
    assert forms_without_token({"x.html": bare})
    assert forms_without_token({"x.html": bare.replace("</form>", "")})
    assert not forms_without_token({"x.html": bare.replace("<button>", "{{ form.csrf_token }}<button>")})
    assert not forms_without_token({"x.html": bare.replace("post", "get")})


def test_a_template_that_is_named_is_found():
    module = Module("webapp/x.py", 'render_template("tasks/inbox.html")')
    assert named_in([module], {"x": '{% extends "base.html" %}'}) == {"tasks/inbox.html", "base.html"}
