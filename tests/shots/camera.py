"""Takes the pictures of one page, wide and at a phone's width, and keeps a list of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

WIDTHS = (1280, 320)
HEIGHT = 900
PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture with what it shows. `wider_by` are the pixels by which the page is wider than the window."""

    role: str
    page: str
    address: str
    title: str
    language: str
    width: int
    file: str
    wider_by: int


class Camera:
    """Writes pictures into a folder, a folder for each role."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shots: list[Shot] = []

    def take(self, page: Page, *, role: str, name: str, language: str) -> None:
        """Picture the page that is open, at every width."""
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            file = self._file(role, name, language, width)
            page.screenshot(path=file, full_page=True, animations="disabled")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            place, address = file.relative_to(self.folder).as_posix(), without_ids(page.url)
            self.shots.append(Shot(role, name, address, page.title(), language, width, place, int(wider)))
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})

    def _file(self, role: str, name: str, language: str, width: int) -> Path:
        number = 1 + len({shot.page for shot in self.shots if shot.role == role and shot.page != name})
        folder = self.folder / plain(role)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{number:02}-{plain(name)}-{language}-{width}.png"


def plain(words: str) -> str:
    """Words as a part of a file's name."""
    return PLAIN.sub("-", words.lower()).strip("-")


def without_ids(address: str) -> str:
    """The path of an address, with what nobody wants to read shortened."""
    return re.sub(r"[0-9a-f-]{36}|[\w-]{40,}", "…", urlsplit(address).path)


def too_wide(shots: Sequence[Shot]) -> list[str]:
    """The pages that have to be scrolled sideways."""
    found = (shot for shot in shots if shot.wider_by > 0)
    return [f"{shot.page} ({shot.role}, {shot.language}, {shot.width}): {shot.wider_by} pixels" for shot in found]
