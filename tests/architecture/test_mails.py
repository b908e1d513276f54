"""Mails: when each is sent, its name and text in both languages with the same values, and what sends it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.architecture.strings import VALUE, mails
from tests.architecture.tree import Module, calls, dotted, product, report

Mail = Mapping[str, Any]
LANGUAGES = ("en", "es")
PARTS = ("name", "subject", "why", "body")
LONGEST_SUBJECT = 100


def faults_of(name: str, mail: Mail) -> list[str]:
    """What is wrong with one mail."""
    if set(mail) != {"sent", *LANGUAGES} or any(set(mail[language]) != set(PARTS) for language in LANGUAGES):
        return [f"{name}: needs `sent`, and en and es, each with name, subject, why and body"]
    faults = [
        f"{name}: {language} {part} is empty"
        for language in LANGUAGES
        for part in PARTS
        if not mail[language][part].strip()
    ]
    faults += [] if re.fullmatch(r"\S.{9,}\.", mail["sent"]) else [f"{name}: say in one line to whom it goes, and when"]
    for part in PARTS:
        english, spanish = (set(VALUE.findall(mail[language][part])) for language in LANGUAGES)
        faults += [f"{name}: {part} differs in {sorted(english ^ spanish)}"] if english ^ spanish else []
    for language in LANGUAGES:
        subject, body = mail[language]["subject"], mail[language]["body"]
        faults += [f"{name}: the {language} subject has two lines"] if "\n" in subject else []
        faults += [f"{name}: the {language} subject is too long"] if len(subject) > LONGEST_SUBJECT else []
        faults += [f"{name}: a stray $ in {language}"] if "$" in VALUE.sub("", subject + body) else []
        faults += [f"{name}: a link outside its button in {language}"] if _links_outside_buttons(body) else []
    return faults


def _links_outside_buttons(body: str) -> bool:
    return any("${link}" in line and not line.strip().startswith("->") for line in body.splitlines())


def sent_templates(modules: Iterable[Module]) -> set[str]:
    """Every name that code gives as `template`, by keyword or at its place."""
    modules = list(modules)
    places = {
        function.name: [argument.arg for argument in function.args.args].index("template")
        for module in modules
        for function in module.functions
        if any(argument.arg == "template" for argument in function.args.args)
    }
    return {name for module in modules for call in calls(module.tree) for name in _names_given(call, places)}


def _names_given(call: ast.Call, places: Mapping[str, int]) -> set[str]:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "template"]
    place = places.get(dotted(call.func).split(".")[-1])
    if place is not None and place < len(call.args):
        given.append(call.args[place])
    return {
        node.value
        for value in given
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" not in node.value
    }


def constants(modules: Iterable[Module]) -> set[str]:
    return {
        node.value
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("name", sorted(mails()))
def test_a_mail_says_the_same_in_both_languages(name: str):
    faults = faults_of(name, mails()[name])
    assert not faults, report(
        faults, "Mend models/reference/messages; values are ${like_this}, a button `-> Label | ${link}`."
    )


def test_every_mail_that_is_sent_is_written():
    missing = sorted(sent_templates(product()) - mails().keys())
    assert not missing, report(missing, "Write it into models/reference/messages, in English and Spanish.")


def test_every_mail_that_is_written_is_sent():
    unused = sorted(mails().keys() - constants(product()))
    assert not unused, report(unused, "Nothing sends it: take it away.")


GOOD = {
    "sent": "To the applicant, at once.",
    "en": {"name": "greeting", "subject": "Hi", "why": "Because.", "body": "Hello ${name}"},
    "es": {"name": "saludo", "subject": "Hola", "why": "Porque sí.", "body": "Hola ${name}"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"es": {"name": "saludo", "subject": "Hola", "why": "Porque sí.", "body": "Hola ${nombre}"}},
        {"es": {"name": "saludo", "subject": "", "why": "Porque sí.", "body": "Hola ${name}"}},
        {"es": {"name": "", "subject": "Hola", "why": "Porque sí.", "body": "Hola ${name}"}},
        {"es": {"name": "saludo", "why": "Porque sí.", "body": "Hola ${name}"}},
        {"en": {"name": "greeting", "subject": "Hi\nthere", "why": "Because.", "body": "Hello ${name}"}},
        {"en": {"name": "greeting", "subject": "Hi " * 40, "why": "Because.", "body": "Hello ${name}"}},
        {"en": {"name": "greeting", "subject": "Hi", "why": "Because.", "body": "Hello ${name}, pay $5"}},
        {"en": {"name": "greeting", "subject": "Hi", "body": "Hello ${name}"}},
        {"en": {"name": "greeting", "subject": "Hi", "why": " ", "body": "Hello ${name}"}},
        {"fr": {}},
        {"sent": ""},
    ],
)
def test_a_faulty_mail_is_noticed(change: Mail):
    assert faults_of("x", {**GOOD, **change})
    assert not faults_of("x", GOOD)


def test_a_name_given_to_a_sender_is_found():
    source = (
        'def tell(session, template, *, by): ...\ntell(s, "gone", by=b)\nqueue(template="lost" if x else "known")\n'
    )
    assert sent_templates([Module("models/store/x.py", source)]) == {"gone", "lost", "known"}
