"""What mails are called, in the reader's language."""

from __future__ import annotations

from models.queries.core.mail import messages
from webapp.core.text.language import current_language


def mail_name(template: str) -> str | None:
    """What a mail is called in the reader's language; None for one that is not written."""
    return messages.mail_name(template, current_language())
