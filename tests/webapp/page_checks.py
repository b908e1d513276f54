"""What holds for every HTML page that any test fetches; the client of the tests checks each one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset"}
INLINE_HANDLER = re.compile(r"^on[a-z]+$")


class CheckedClient(FlaskClient):
    """A browser without JavaScript that looks at the markup of every page it gets."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data and response.status_code not in {301, 302, 303, 308}:
            check_page(response)
        return response


def check_page(response: TestResponse) -> None:
    """Fail with every fault that the page has; a fragment (answer to htmx) is checked for what a part can have.

    A page that was found sound in this process is not taken apart again when it comes back with other tokens.
    """
    text = TOKENS.sub("", response.get_data(as_text=True))
    if text in SOUND:
        return
    whole = text.lstrip().lower().startswith("<!doctype")
    faults = list(_faults_of_page(text) if whole else _faults_of_part(html5lib.parseFragment(text, **PARSE)))
    assert not faults, f"{response.request.path}: " + "; ".join(faults)
    SOUND.add(text)


TOKENS = re.compile(r'(?<=name="(?:csrf|form)_token" value=")[\w.-]+(?=")')
SOUND: set[str] = set()
PARSE: dict[str, Any] = {"treebuilder": "etree", "namespaceHTMLElements": False}


def _faults_of_page(text: str) -> Iterator[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    page = parser.parse(text)
    yield from (f"not valid HTML: {error} at {place}" for place, error, _ in parser.errors)
    title = page.findtext("./head/title") or ""
    if not re.fullmatch(r"\S.* – CVMS", title):
        yield f"title is {title!r}"
    if page.get("lang") not in {"en", "es"}:
        yield f"lang is {page.get('lang')!r}"
    for tag in ("h1", "main"):
        if len(list(page.iter(tag))) != 1:
            yield f"{len(list(page.iter(tag)))} {tag}"
    yield from _faults_of_part(page)


def _faults_of_part(page: Element) -> Iterator[str]:
    yield from _faults_of_ids(page)
    yield from _faults_of_inputs(page)
    yield from _faults_of_forms(page)
    yield from _faults_of_inline_code(page)


def _faults_of_ids(page: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id") is not None)
    yield from (f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1)
    for element in page.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} names {name!r}, which is not there"
        if element.tag == "a" and (element.get("href") or "").startswith("#") and element.get("href")[1:] not in ids:
            yield f"a link leads to {element.get('href')!r}, which is not there"


def _faults_of_inputs(page: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in page.iter("label")}
    for element in page.iter():
        if element.tag not in {"input", "select", "textarea"} or element.get("type") in NO_LABEL_NEEDED:
            continue
        if element.get("id") not in labelled and not element.get("aria-label"):
            yield f"no label for the input {element.get('name')!r}"


def _faults_of_forms(page: Element) -> Iterator[str]:
    for form in page.iter("form"):
        action = form.get("action")
        if not (action or "").startswith("/"):
            yield f"a form's action is {action!r}"
        names = {element.get("name") for element in form.iter("input")}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in names:
            yield f"the form of {action!r} has no csrf_token"


def _faults_of_inline_code(page: Element) -> Iterator[str]:
    for element in page.iter():
        if element.tag == "style" or (element.tag == "script" and element.get("src") is None):
            yield f"inline {element.tag}"
        for name in element.attrib:
            if name == "style" or INLINE_HANDLER.match(name):
                yield f"inline {name} on {element.tag}"
        if (element.get("href") or "").lower().startswith("javascript:"):
            yield "a javascript: address"
