"""How hard the words of public pages and mails are to read, in both languages.

English by Flesch and Kincaid's grade, Spanish by the ease of Fernández Huerta, page by page. Labels of a
few words say nothing about reading and are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pytest

from tests.architecture.strings import PLACEHOLDER, VALUE, Shown, mails, shown, spanish
from tests.architecture.tree import report

GRADE = 8.0
"""Half of the adults of the United States read at grade 8 or below; what the public must do is written for them."""
EASE = 60.0
"""Fernández Huerta calls 60 to 70 normal: what is read in grades 7 and 8."""
SHORTEST_SENTENCE = 5
FEWEST_WORDS = 15
"""Below this the formulas say more about one long word than about the page."""
STAFF = ("webapp/templates/tasks/", "webapp/tasks/", "webapp/templates/staff/", "webapp/cli/")
"""Pages of state staff, whose words are those of their work."""
STAFF_MAILS = frozenset({"review_due_soon", "review_overdue"})
NAMES = re.compile(r"COVID-19|North Carolina|Carolina del Norte|CVMS|NCIR|CDC")
"""Names that nobody can say more simply."""
VOWELS = re.compile(r"[aeiouy]+")
SPANISH_NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuy]?(?![aeoáéó])|[íúiuü]|[aeoáéó]")


def grade(sentences: Iterable[str]) -> float:
    """The school grade in which an English text is read (Flesch, Kincaid 1975)."""
    said, words = _measure(sentences)
    return 0.39 * len(words) / said + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def ease(sentences: Iterable[str]) -> float:
    """How easily a Spanish text is read, 100 the easiest (Fernández Huerta 1959)."""
    said, words = _measure(sentences)
    return 206.84 - 60 * sum(map(spanish_syllables, words)) / len(words) - 1.02 * len(words) / said


def _measure(sentences: Iterable[str]) -> tuple[int, list[str]]:
    found = list(sentences)
    return len(found), [word for sentence in found for word in words_of(sentence)]


def words_of(sentence: str) -> list[str]:
    return re.findall(r"[a-záéíóúüñ]+(?:['’][a-z]+)?", sentence.lower())


def syllables(word: str) -> int:
    """Syllables of an English word: groups of vowels, without a silent e at the end."""
    groups = len(VOWELS.findall(word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouycgsxz]es$", word) is not None
    return max(1, groups - (1 if silent and groups > 1 else 0))


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word: one for each vowel, a weak one leans on its neighbor."""
    plain = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word)
    return max(1, len(SPANISH_NUCLEUS.findall(plain)))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that are long enough to say something; values and names stand as one short word."""
    plain = NAMES.sub("it", VALUE.sub("it", PLACEHOLDER.sub("it", re.sub(r"<[^>]+>", " ", text))))
    parts = re.split(r"(?<=[.!?:;])\s+|\n{2,}|\n(?=->)|\s\|\s", plain)
    return [part for part in parts if len(words_of(part)) >= SHORTEST_SENTENCE]


def public_pages(strings: Iterable[Shown]) -> dict[str, list[str]]:
    """The English of each public page, as its template and its code have it."""
    pages: dict[str, list[str]] = defaultdict(list)
    for string in strings:
        if not string.path.startswith(STAFF):
            pages[string.path] += string.forms
    return pages


def hard_to_read(pages: Mapping[str, Iterable[str]], *, language: str) -> list[str]:
    """Pages that are harder than the threshold, with their hardest sentences."""
    faults = []
    for path, texts in sorted(pages.items()):
        sentences = [sentence for text in texts for sentence in sentences_of(text)]
        if sum(len(words_of(sentence)) for sentence in sentences) < FEWEST_WORDS:
            continue
        if _too_hard(sentences, language):
            figure = grade(sentences) if language == "en" else ease(sentences)
            hardest = sorted(sentences, key=lambda one: grade([one]) if language == "en" else -ease([one]))[-3:]
            faults.append(f"{path}: {figure:.1f}; hardest: {' / '.join(reversed(hardest))}")
    return faults


def _too_hard(sentences: list[str], language: str) -> bool:
    return grade(sentences) > GRADE if language == "en" else ease(sentences) < EASE


def translated(pages: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    catalog = spanish()
    found = {path: [catalog.get(text) for text in texts] for path, texts in pages.items()}
    return {
        path: [str(one.string) for one in known if one and isinstance(one.string, str)] for path, known in found.items()
    }


def public_mails(language: str) -> dict[str, list[str]]:
    return {name: [mail[language]["body"]] for name, mail in mails().items() if name not in STAFF_MAILS}


ADVICE = "Shorten the sentences named, and say the long words in short ones."


@pytest.mark.parametrize("language", ["en", "es"])
def test_public_pages_are_read_in_grade_eight(language: str):
    pages = public_pages(shown())
    faults = hard_to_read(pages if language == "en" else translated(pages), language=language)
    assert not faults, report(faults, ADVICE)


@pytest.mark.parametrize("language", ["en", "es"])
def test_mails_are_read_in_grade_eight(language: str):
    faults = hard_to_read(public_mails(language), language=language)
    assert not faults, report(faults, ADVICE)


OFFICIAL = (
    "Notwithstanding the aforementioned administrative provisions, participating organizations are obligated to "
    "demonstrate continuous conformity with applicable documentation requirements. "
) * 3
PLAIN = (
    "We look at your answers. A person on our team reads them. We tell you what comes next by mail. You can call us. "
    * 3
)
OFICIAL = (
    "Sin perjuicio de las disposiciones administrativas anteriormente mencionadas, las organizaciones participantes "
    "están obligadas a demostrar continuamente la conformidad con los requisitos documentales correspondientes. "
) * 3
SENCILLO = (
    "Leemos lo que usted nos dice. Una persona lo lee y le avisa. Le decimos qué sigue. Puede llamar o escribir hoy. "
    * 3
)


def test_a_text_that_is_too_hard_is_noticed():
    assert hard_to_read({"x": [OFFICIAL]}, language="en")
    assert not hard_to_read({"x": [PLAIN]}, language="en")
    assert hard_to_read({"x": [OFICIAL]}, language="es")
    assert not hard_to_read({"x": [SENCILLO]}, language="es")


@pytest.mark.parametrize(
    ("word", "count"),
    [("make", 1), ("table", 2), ("enrollment", 3), ("signed", 1), ("needed", 2), ("the", 1), ("boxes", 2)],
)
def test_syllables_are_counted(word: str, count: int):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("vacuna", 3), ("inscripción", 3), ("que", 1), ("día", 2), ("usted", 2), ("guía", 2), ("correo", 3)],
)
def test_spanish_syllables_are_counted(word: str, count: int):
    assert spanish_syllables(word) == count
