"""`python3 -m deploy.setup run|check|test`: everything that the goal needs, each step only when it is due."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from deploy.setup import browser, look, modules, postgres15, python_packages, translations
from deploy.setup.step import SetupError, Step

GOALS = ("run", "check", "test")


def steps(goal: str) -> list[Step]:
    """The steps towards a goal, in order."""
    common = [
        python_packages.packages(),
        python_packages.project(),
        look.fetch(),
        look.copy(),
        translations.compile_translations(),
    ]
    tools = [] if goal == "run" else [python_packages.tools()]
    return [*common, *tools, modules.compiled(goal)]


def set_up(goal: str) -> None:
    planned = steps(goal)
    for number, step in enumerate(planned, start=1):
        if not step.done:
            print(f"{number}/{len(planned)} {step.title} …", flush=True)
            step.finish()
    if goal == "test":
        browser.ensure_browser()
        postgres15.ensure_postgres15()


def main(arguments: Sequence[str]) -> int:
    goal = arguments[0] if arguments else "run"
    if goal not in GOALS:
        sys.stderr.write(f"The goals are {', '.join(GOALS)}.\n")
        return 2
    try:
        set_up(goal)
    except SetupError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
