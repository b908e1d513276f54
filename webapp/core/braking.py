"""What every brake has in common: status 429, the time to wait as a header, an answer that is held back a little."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, after_this_request

from webapp.edge.holding import hold_back

TOO_MANY_REQUESTS = 429


def answer_braked(wait: timedelta) -> None:
    """Let the answer of this request, whatever its page, be that of a brake."""

    @after_this_request
    def mark(response: Response) -> Response:
        response.status_code = TOO_MANY_REQUESTS
        response.headers["Retry-After"] = str(max(1, int(wait.total_seconds())))
        hold_back()
        return response
