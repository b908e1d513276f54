"""Words and addresses that are made once are still those of the reader's language."""

from __future__ import annotations

import pytest
from flask_babel import gettext

from webapp.core.text import cached_words as spoken


@pytest.fixture
def speaking(app):
    """What a function says in a language."""

    def say(language, words):
        with app.test_request_context(f"/?lang={language}"):
            return words()

    return say


def test_words_are_made_once_for_each_language(speaking):
    made = []

    @spoken.cached_by_language
    def two(word):
        made.append(word)
        return gettext(word)

    found = [speaking(language, lambda: two("Inbox")) for language in ("en", "es", "en", "es")]
    assert found == ["Inbox", "Bandeja de tareas", "Inbox", "Bandeja de tareas"]
    assert made == ["Inbox", "Inbox"]


def test_texts_of_templates_are_those_of_the_language_and_their_values_are_escaped(app):
    template = app.jinja_env.from_string(
        "{{ _('Inbox') }}|{{ _('Inbox: %(view)s', view='<b>') }}|{{ _('100%% & more') }}"
    )
    for language, inbox in (("en", "Inbox"), ("es", "Bandeja de tareas"), ("en", "Inbox")):
        with app.test_request_context(f"/?lang={language}"):
            assert template.render() == f"{inbox}|{inbox}: &lt;b&gt;|100% & more"


def test_a_static_address_has_the_hash_of_its_file(speaking):
    address = speaking("en", lambda: spoken.static_address("cvms.css"))
    assert address.startswith("/static/cvms.css?v=")
    assert len(address.split("?v=")[1]) == 16
