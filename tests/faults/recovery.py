"""How fast each part is back after a kill: a client that asks how everything is, and one clock for each part."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx

ASK_EVERY = 0.1
LIMITS = {"web": 5.0, "web worker": 5.0, "postgres": 10.0, "temporal": 10.0, "worker": 15.0, "all at once": 60.0}
"""P6, in seconds after the kill."""


class RecoveryClock(threading.Thread):
    """Keeps, for each target of a kill, how long it was until the target was heard of again, in seconds.

    The web is back when a page comes, PostgreSQL when the web is ready, the worker at its next heartbeat, Temporal
    when the worker has reached it. A target that is killed again before it was back is timed from its last kill.
    """

    def __init__(self, web_url: str) -> None:
        super().__init__(daemon=True)
        self._http = httpx.Client(base_url=web_url, timeout=3)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._struck: dict[str, float] = {}
        self.gaps: dict[str, list[float]] = {}
        self.too_late: list[str] = []

    def run(self) -> None:
        while not self._over.wait(ASK_EVERY):
            asked = time.monotonic()
            found = self._ask()
            with self._lock:
                for what, at in list(self._struck.items()):
                    if at < asked and is_back(what, found, asked - at):
                        self.gaps.setdefault(what, []).append(time.monotonic() - at)
                        del self._struck[what]

    def stop(self) -> None:
        self._over.set()
        self.join()

    def struck(self, what: str, at: float) -> None:
        """Note that a target was killed."""
        with self._lock:
            self._struck[what] = at

    def wait_back(self, what: str, limit: float) -> bool:
        """Wait until a target is back; False when that takes too long."""
        until = time.monotonic() + limit
        while time.monotonic() < until:
            with self._lock:
                if what not in self._struck:
                    return True
            time.sleep(ASK_EVERY / 2)
        return False

    def figures(self) -> str:
        """The 95th percentile and the worst of each target."""
        return " ".join(
            f"back_{what.replace(' ', '_')}={p95(gaps):.1f}/{max(gaps):.1f}s" for what, gaps in self.gaps.items()
        )

    def problems(self) -> list[str]:
        """Every target whose 95th percentile is above what is promised (P6)."""
        slow = {what: p95(gaps) for what, gaps in self.gaps.items() if p95(gaps) > LIMITS[what]}
        return [f"{what} back after {took:.1f} s, {LIMITS[what]:.0f} promised" for what, took in slow.items()]

    def _ask(self) -> Mapping[str, Any] | None:
        try:
            answer = self._http.get("/healthz/ready")
            return answer.json() if answer.status_code in (200, 503) else None
        except (httpx.TransportError, ValueError):
            return None


def is_back(what: str, found: Mapping[str, Any] | None, since: float) -> bool:
    """Whether this answer of the readiness page shows that a target works that was killed `since` seconds before."""
    if found is None:
        return False
    if what in ("web", "web worker"):
        return True
    signs = {
        "postgres": bool(found["ready"]),
        "worker": _heard(found["worker_heartbeat"], since),
        "temporal": _heard(found["temporal"], since) and not found["temporal"]["problem"],
    }
    return all(signs.values()) if what == "all at once" else signs[what]


def _heard(sign: Mapping[str, Any], since: float) -> bool:
    return sign["seconds_ago"] is not None and sign["seconds_ago"] < since - 0.1


def p95(values: list[float]) -> float:
    """The 95th percentile; 0 when there is no value."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
