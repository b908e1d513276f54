"""What Temporal and the log may know of a failed activity: its kind, never what its message quotes."""

from __future__ import annotations

from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from models.domain.core.process_steps import SUPERSEDED
from models.domain.core.violations import RuleViolation
from models.store.core.processes import SupersededError

log = structlog.get_logger(__name__)

LOGGED_TRIES = frozenset({1, 10, 100, 1000})


class FailureTranslation(Interceptor):
    """Translates whatever an activity raises, on the worker that runs it."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        return _Translating(next)


class _Translating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002
        try:
            return await super().execute_activity(input)
        except Exception as error:  # noqa: BLE001 - all of them are translated
            log_try(error)
            raise translated(error) from None


def translated(error: Exception) -> ApplicationError:
    """A refused rule and an older life end an activity; everything else is tried again.

    | raised           | type            | tried again |
    |------------------|-----------------|-------------|
    | RuleViolation    | the rule's code | no          |
    | SupersededError  | Superseded      | no          |
    | anything else    | its class       | for ever    |
    """
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, RuleViolation):
        return ApplicationError(error.code, type=error.code, non_retryable=True)
    if isinstance(error, SupersededError):
        return ApplicationError(SUPERSEDED, type=SUPERSEDED, non_retryable=True)
    kind = type(error).__name__
    return ApplicationError(kind, type=kind)


def log_try(error: Exception) -> None:
    """Log a failure at tries 1, 10, 100 …; an older life that ends is no failure."""
    info = activity.info()
    if info.attempt in LOGGED_TRIES and not isinstance(error, SupersededError):
        log.warning("activity failed", activity=info.activity_type, attempt=info.attempt, exc_info=error)
