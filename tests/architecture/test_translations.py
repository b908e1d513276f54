"""Spanish says everything that English says, with the same values in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from babel.messages.catalog import Catalog, Message

from tests.architecture.strings import PLACEHOLDER, SPANISH, Shown, shown, spanish
from tests.architecture.tree import report

ADVICE = "Run `make strings`, then fill in webapp/translations/es: every string, marked fuzzy by nobody."


def untranslated(strings: Iterable[Shown], catalog: Catalog) -> list[str]:
    """Strings that the code shows and the catalog does not know, or knows only as an idea."""
    return sorted({f"{string.path}: {string.text!r}" for string in strings if not _is_known(string, catalog)})


def _is_known(string: Shown, catalog: Catalog) -> bool:
    found = catalog.get(string.forms[0])
    return found is not None and not found.fuzzy and all(_forms(found))


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def mismatched(catalog: Iterable[Message]) -> list[str]:
    """Translations with another set of values than the original."""
    return [f"{message.id!r} → {message.string!r}" for message in catalog if message.id and not _match(message)]


def _match(message: Message) -> bool:
    originals = message.id if isinstance(message.id, tuple | list) else (message.id,)
    wanted = {value for text in originals for value in _values(text)}
    least = set.intersection(*(_values(text) for text in originals))
    return all(least <= _values(text) <= wanted for text in _forms(message) if text)


def _values(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def untouched(catalog: Iterable[Message]) -> list[str]:
    """Sentences that were copied over in English."""
    return [
        str(message.id)
        for message in catalog
        if isinstance(message.id, str)
        and message.id == message.string
        and len(re.findall(r"[a-z]{2,}", message.id)) > 3
    ]


def test_there_is_a_catalog():
    assert SPANISH.is_file(), report([f"{SPANISH.name} of Spanish is missing"], ADVICE)


def test_every_string_has_a_spanish_translation():
    faults = untranslated(shown(), spanish())
    assert not faults, report([f"{len(faults)} strings", *faults[:40]], ADVICE)


def test_every_translation_keeps_the_values_of_its_original():
    faults = mismatched(spanish())
    assert not faults, report(faults, "Keep %(name)s as it is; a form of the plural may leave out the number.")


def test_no_sentence_was_left_in_english():
    faults = untouched(spanish())
    assert not faults, report(faults, ADVICE)


def test_strings_are_found_in_templates_code_and_rules():
    folders = {string.path.split("/")[1] for string in shown()}
    assert {"templates", "public", "domain"} & folders >= {"templates", "domain"}
    assert len(shown()) > 100


def catalog_of(*pairs: tuple[str | tuple[str, str], str | tuple[str, str]], fuzzy: bool = False) -> Catalog:
    catalog = Catalog(locale="es")
    for original, translation in pairs:
        catalog.add(original, translation, flags=["fuzzy"] if fuzzy else [])
    return catalog


def test_violations_are_noticed():
    sign = [Shown("webapp/x.py", "Sign")]
    assert untranslated(sign, catalog_of()) == ["webapp/x.py: 'Sign'"]
    assert untranslated(sign, catalog_of(("Sign", "")))
    assert untranslated(sign, catalog_of(("Sign", "Firmar"), fuzzy=True))
    assert not untranslated(sign, catalog_of(("Sign", "Firmar")))
    assert untranslated(
        [Shown("x", ("%(num)d day", "%(num)d days"))], catalog_of((("%(num)d day", "%(num)d days"), ("día", "")))
    )
    assert mismatched(catalog_of(("Hello %(name)s", "Hola %(nombre)s")))
    assert mismatched(catalog_of(("Hello %(name)s", "Hola")))
    assert mismatched(catalog_of(("Hello", "Hola %(name)s")))
    assert not mismatched(catalog_of(("Hello %(name)s", "Hola, %(name)s")))
    assert untouched(catalog_of(("You can stop at any time", "You can stop at any time")))
