"""How fast the product is back after a kill: a client that asks for a page and times the gaps."""

from __future__ import annotations

import threading
import time

import httpx

ASK_EVERY = 0.1


class RecoveryClock(threading.Thread):
    """Asks the web again and again, and keeps the length of every time in which it did not answer, in seconds."""

    def __init__(self, web_url: str) -> None:
        super().__init__(daemon=True)
        self._http = httpx.Client(base_url=web_url, timeout=2)
        self._over = threading.Event()
        self.gaps: list[float] = []
        self.server_errors = 0

    def run(self) -> None:
        down_since = 0.0
        while not self._over.wait(ASK_EVERY):
            now = time.monotonic()
            if self._answers():
                if down_since:
                    self.gaps.append(now - down_since)
                down_since = 0.0
            else:
                down_since = down_since or now

    def stop(self) -> None:
        self._over.set()
        self.join()

    @property
    def p95(self) -> float:
        """The 95th percentile of the gaps; 0 when there was none."""
        gaps = sorted(self.gaps)
        return gaps[min(len(gaps) - 1, int(len(gaps) * 0.95))] if gaps else 0.0

    def _answers(self) -> bool:
        try:
            answer = self._http.get("/")
        except httpx.TransportError:
            return False
        self.server_errors += answer.status_code >= 500
        return answer.status_code < 500
