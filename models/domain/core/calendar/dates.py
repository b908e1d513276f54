"""Days in words, for mails; pages have their own way."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = "America/New_York"

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
}  # fmt: skip


def day_in_words(moment: datetime, language: str) -> str:
    """The day of a moment in North Carolina: "December 4, 2026", "4 de diciembre de 2026"."""
    day = moment.astimezone(ZoneInfo(ZONE)).date()
    month = _MONTHS.get(language, _MONTHS["en"])[day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{month} {day.day}, {day.year}"
