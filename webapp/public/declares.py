"""What the public pages bring to the web app, and the words that every capability's refusals share."""

from __future__ import annotations

from webapp.core.capability import Place, WebCapability, the_public, visitors
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.core.text.refusals import CORE_REFUSALS
from webapp.public.language_views import blueprint as language
from webapp.public.views import blueprint

CAPABILITY = WebCapability(
    "public",
    blueprints=(blueprint, language),
    menu=(
        Place("public.start", _l("Home"), visitors),
        Place("public.vaccine_information", _l("Your vaccine information"), visitors),
        Place("public.help_page", _l("Get help"), lambda person: visitors(person) or the_public(person)),
    ),
    refusals=CORE_REFUSALS,
)
