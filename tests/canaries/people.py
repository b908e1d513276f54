"""An application whose every personal answer occurs nowhere else in the world, and people who go wrong on purpose."""

from __future__ import annotations

import secrets

from models.domain.enrollment import SectionKind
from tests.faults.clients import Application, World

FREE = ("first_name", "last_name", "street", "city", "title", "license_number")
SIGNED_BY_NAME = ("cmo_first_name", "cmo_last_name", "ceo_first_name", "ceo_last_name", "coordinator_")
"""The signers write their names again, so these stay as they are."""


class CanaryApplication(Application):
    """Fills in the sections with canaries wherever text is free."""

    def __init__(self, world: World, slug: str) -> None:
        super().__init__(world, f"Zzcanary {slug}", slug)

    def _answers(self, kind: SectionKind) -> dict[str, object]:
        return {name: _canary(name, value) for name, value in super()._answers(kind).items()}


def go_wrong(world: World, slug: str) -> None:
    """Sign in with a wrong password, ask for a reset, open what is not there and a link that is none."""
    browser, email = world.browser("wrong"), f"admin@{slug}.example.org"
    page = browser.get("/sign-in")
    browser.press(page, page.form("sign-in"), "sign in", {"email": email, "password": f"zzcanary{slug}"})
    page = browser.get("/account/forgot")
    browser.press(page, page.form("forgot"), "forgot", {"email": email})
    for address in (f"/enrollment/confirm/zzcanary{slug}", f"/zzcanary{slug}", f"/tasks?view=zzcanary{slug}"):
        browser.get(address)


def _canary(name: str, value: object) -> object:
    if name.startswith(SIGNED_BY_NAME) or not name.endswith(FREE):
        return value
    return f"Zz{secrets.token_hex(5)}" if "license" in name else f"Zz{_letters(10)}"


def _letters(count: int) -> str:
    return "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(count))
