"""Named queues, time limits and retry policies. Nothing else in the tree spells one out."""

from __future__ import annotations

from datetime import timedelta

from temporalio.common import RetryPolicy

from models.domain.core.process_steps import SUPERSEDED

PROCESS_QUEUE = "cvms-processes"
"""The task queue of processes and of their short activities."""

EFFECT_LIMIT = timedelta(seconds=5)
"""How long one try of an effect may take: one short transaction. A killed worker costs this long."""

UNTIL_DONE = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=30),
    maximum_attempts=0,
    non_retryable_error_types=[SUPERSEDED],
)
"""An effect is tried until it is done; only a rule that refuses it, or a newer life, ends that."""

HELD_BETWEEN_TRIES = timedelta(milliseconds=100)
"""How long an effect that failed may keep its place in the worker until its next try; a longer pause is a timer."""

LONG_HISTORY = 4_000
"""A run continues as a new one before its history has this many events, or when the server suggests it."""

PAUSE_AFTER_REFUSAL = timedelta(minutes=1)
"""How long a process rests when a rule refused an effect, before it looks at the facts again."""

TASK_TIMEOUT = timedelta(seconds=5)
"""How long one workflow task may take before another worker gets it."""

STICKY_TIMEOUT = timedelta(seconds=2)
"""How long a task waits for the worker that holds the process in memory, before any worker gets it."""
