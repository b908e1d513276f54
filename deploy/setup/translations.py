"""The translations in the form that the web app reads."""

from __future__ import annotations

from deploy.setup.step import PYTHON, ROOT, Step, run

FOLDER = ROOT / "webapp" / "translations"


def compile_translations() -> Step:
    """Every catalog of the tree."""
    catalogs = sorted(FOLDER.glob("*/LC_MESSAGES/*.po"))
    compiled = [catalog.with_suffix(".mo") for catalog in catalogs]
    return Step("translations", "Translations", _compile, catalogs, compiled)


def _compile() -> None:
    if any(FOLDER.glob("*/LC_MESSAGES/*.po")):
        run([PYTHON, "-m", "babel.messages.frontend", "compile", "-d", str(FOLDER)])
