"""Seals new audit rows within a second, and anchors the head of the chain in the log once a minute."""

from __future__ import annotations

import time

import structlog
from sqlalchemy import Engine

from activities.core.loops.loop import Loop
from models.postgres.database import transaction
from models.queries.core.audit import chain_head
from models.store.core.audit import seal_new_rows

log = structlog.get_logger(__name__)

SEAL_EVERY = 0.5
ANCHOR_EVERY = 60.0
BATCH = 500


class AuditSealer:
    """One pass after another over what has no seal yet."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._anchored_at = 0.0

    def seal(self) -> bool:
        """Seal a batch; True when there may be more."""
        with transaction(self._engine) as session:
            sealed = seal_new_rows(session, limit=BATCH)
        self._anchor()
        return sealed == BATCH

    def _anchor(self) -> None:
        if time.monotonic() - self._anchored_at < ANCHOR_EVERY and self._anchored_at:
            return
        with transaction(self._engine) as session:
            head = chain_head(session)
        if head is not None:
            log.info("audit anchor", seq=head.seq, hash=head.hash)
            self._anchored_at = time.monotonic()


def audit_sealer(engine: Engine) -> Loop:
    """The loop that seals."""
    return Loop("audit sealer", AuditSealer(engine).seal, every=SEAL_EVERY)
