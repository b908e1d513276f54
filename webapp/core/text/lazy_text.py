"""Words that are translated when they are shown: for labels and messages that are made before any request."""

from __future__ import annotations

from typing import cast

from flask_babel import lazy_gettext


def lazy_text(text: str) -> str:
    """A text in the reader's language at the moment it is shown. Import it as `_l`, so that it is collected."""
    return cast(str, lazy_gettext(text))
