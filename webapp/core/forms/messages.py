"""What WTForms' own checks say, in the product's words. `{label}` becomes the field's label."""

from __future__ import annotations

from functools import lru_cache

from babel.support import NullTranslations, Translations
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from wtforms.i18n import messages_path

LABEL = "{label}"
FILL_IN = _l("{label}: fill this in.")
CHOOSE = _l("Choose an answer: {label}")
TICK = _l("Check the box: {label}")
OWN_WORDS: dict[str, LazyString] = {
    "This field is required.": FILL_IN,
    "Invalid email address.": _l("Enter an email address, such as name@example.com"),
    "Not a valid choice.": _l("Choose one of the answers: {label}"),
    "Invalid Choice: could not coerce.": _l("Choose one of the answers: {label}"),
    "Not a valid date value.": _l("Enter a real date: {label}"),
    "Not a valid time value.": _l("Enter a time, such as 08:30: {label}"),
    "Not a valid integer value.": _l("Enter a whole number: {label}"),
    "Not a valid decimal value.": _l("Enter a number: {label}"),
}
TOO_LONG = _l("Use %(max)d characters or fewer: {label}")
TOO_SHORT = _l("Use at least %(min)d characters: {label}")
OWN_COUNTED: dict[str, LazyString] = {
    "Field cannot be longer than %(max)d characters.": TOO_LONG,
    "Field must be at least %(min)d characters long.": TOO_SHORT,
}


def name_field(message: str, label: str, kind: str) -> str:
    """A message with the field's label, and the verb that fits its kind (as `webapp.core.forms.fields` names them)."""
    fitting = {"choices": CHOOSE, "select": CHOOSE, "checkbox": TICK}.get(kind)
    if fitting is not None and message == str(FILL_IN):
        message = str(fitting)
    return message.replace(LABEL, label)


@lru_cache(maxsize=8)
def catalog_of(locale: str) -> NullTranslations:
    """WTForms' own catalog, read once: reading it takes as long as a page's statements."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class FormWords:
    """The translations that WTForms asks; whatever we have no words for comes from its own catalog."""

    def gettext(self, text: str) -> str:
        own = OWN_WORDS.get(text)
        return str(own) if own is not None else str(catalog_of(str(get_locale())).ugettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        own = OWN_COUNTED.get(many)
        return str(own) if own is not None else str(catalog_of(str(get_locale())).ungettext(one, many, count))
