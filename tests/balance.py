"""The order of a run with several workers: what takes longest begins first, and the journeys stay together.

Together they share one stack and one browser, which end with the last of them and leave the machine to the others.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

SECONDS = "cvms/seconds"
"""Where pytest's cache keeps how long each file took the last time."""
TOGETHER = ("tests/journeys/",)
AT_FIRST = {"journey": 60.0, "stack": 20.0, "slow": 20.0}
"""What a marked test is taken for in seconds before anybody has measured it; any other test is taken for a tenth."""
A_TEST = 0.1


def unit_of(nodeid: str) -> str:
    """What one worker runs in one go: a file, or a folder whose files share something costly."""
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def pytest_configure(config: pytest.Config) -> None:
    """Keep the order that `pytest_collection_modifyitems` gives; xdist would put what holds few tests last."""
    config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Every worker orders by the same figures."""
    node.workerinput["seconds"] = node.config.cache.get(SECONDS, {})


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Like `--dist loadfile`, in units."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class LoadUnits(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    return LoadUnits(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Longest units first. Alone, one after the other in the order of the tree is as good."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is not None:
        items[:] = longest_first(items, workerinput.get("seconds", {}))


def longest_first(items: list[pytest.Item], seconds: dict[str, float]) -> list[pytest.Item]:
    """The same tests in units of falling length; `seconds` is what files took, as far as it is known."""
    guessed: Counter[str] = Counter()
    for item in items:
        marks = [AT_FIRST[mark.name] for mark in item.iter_markers() if mark.name in AT_FIRST]
        guessed[item.nodeid.partition("::")[0]] += max(marks, default=A_TEST)
    lengths: Counter[str] = Counter()
    for file, guess in guessed.items():
        lengths[unit_of(file)] += seconds.get(file, guess)
    return sorted(items, key=lambda item: (-lengths[unit_of(item.nodeid)], unit_of(item.nodeid)))
