"""Every string that is shown to people: where it stands, its translation, and the mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT, found_in

SPANISH = ROOT / "webapp/translations/es/LC_MESSAGES/messages.po"
MAILS = ROOT / "models/reference/messages"
LAYOUT = "_layout"
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "N_": None, "lazy_gettext": None}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]")
VALUE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Shown:
    """A string with the file that shows it; `text` is a pair where it has a plural."""

    path: str
    text: str | tuple[str, ...]

    @property
    def forms(self) -> tuple[str, ...]:
        return self.text if isinstance(self.text, tuple) else (self.text,)


@lru_cache
def shown() -> tuple[Shown, ...]:
    """Every string in code and templates that is marked for translation."""
    templates = _extract("webapp/templates", "**.html", "jinja2")
    return (*_extract("webapp", "**.py", "python"), *templates, *_rules())


def _rules() -> Iterator[Shown]:
    return _extract("models/domain", "**.py", "python")


def _extract(folder: str, pattern: str, method: str) -> Iterator[Shown]:
    options = {"**.html": JINJA}
    for found in extract_from_dir(ROOT / folder, [(pattern, method)], options, KEYWORDS):
        name, text = found[0], found[2]
        yield Shown(f"{folder}/{Path(name).as_posix()}", tuple(text) if isinstance(text, list | tuple) else text)


@lru_cache
def spanish() -> Catalog:
    """The Spanish catalog; an empty one where there is none."""
    if not SPANISH.exists():
        return Catalog(locale="es")
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es")


@lru_cache
def mails() -> dict[str, dict[str, dict[str, str]]]:
    """Each mail by its name: language, then subject and body."""
    files = found_in("models/reference/messages", MAILS.rglob("*.yaml"))
    return {file.stem: yaml.safe_load(file.read_text()) for file in files if file.stem != LAYOUT}
