"""`make shots`: pictures of every page of a fresh demo into build/shots/, with an index.

Exit status 1 when a page answered with a failure, or when an address that is a page was not reached by anybody.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from deploy.setup.browser import find_browser
from models.running.settings import load_settings
from tests.journeys.conftest import FLAGS
from tests.journeys.stack import World, run_world
from tests.shots.camera import Camera, too_wide
from tests.shots.index import count_pages, write_index
from tests.shots.people import APPLICANTS, BY_LINK, STAFF_WALKERS, VISITOR, Walker
from tests.shots.routes import Routes, missing
from tests.shots.scenes import SCENES, sign_in
from tests.shots.walk import Reached, Walk
from tests.terminal import say
from webapp import create_app

FOLDER = Path("build/shots")
PATIENCE_MS = 15_000


def main() -> int:
    """Walk, picture, report."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    camera, reached = Camera(FOLDER), Reached()
    with run_world() as world, sync_playwright() as playwright:
        routes = Routes(create_app(load_settings(world.environment)).url_map)
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for who in (VISITOR, BY_LINK, *APPLICANTS, *STAFF_WALKERS):
            take_a_walk(chromium, world, routes, camera, reached, who)
        chromium.close()
    write_index(FOLDER, camera.shots)
    return report(camera, reached, missing(routes, reached.endpoints))


def take_a_walk(chromium: Browser, world: World, routes: Routes, camera: Camera, reached: Reached, who: Walker) -> None:
    """One person, from signing in to the last scene; what goes wrong in a scene is reported and ends only the scene."""
    context = chromium.new_context(locale="en-US")
    context.set_default_timeout(PATIENCE_MS)
    walk = Walk(context, world.web_url, routes, camera, reached, who)
    if who.email:
        sign_in(walk, who.email)
    if who is not BY_LINK:
        walk.everything()
    for name in who.scenes:
        try:
            SCENES[name](walk, world)
        except Exception as problem:  # noqa: BLE001 - the other pages are still worth seeing
            reached.failed.append(f"scene {name!r} ({who.role}): {str(problem).splitlines()[0]}")
    context.close()


def report(camera: Camera, reached: Reached, not_reached: list[str]) -> int:
    """What was pictured, and what was not."""
    say(f"{count_pages(camera.shots)} pages, {len(camera.shots)} pictures: {FOLDER / 'index.html'}")
    for words, found in (
        ("wider than the window", too_wide(camera.shots)),
        ("went wrong", reached.failed),
        ("not reached", not_reached),
    ):
        for one in found:
            say(f"{words}: {one}")
    return int(bool(reached.failed or not_reached))


if __name__ == "__main__":
    raise SystemExit(main())
