"""What every row with a lifecycle has: its state, since when, and the table of rules that it lives by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from models.domain.core.lifecycle import Lifecycle


class Stateful:
    """A row that `models.store.core.lifecycle.move` moves; its table has the columns, and names its lifecycle."""

    lifecycle: ClassVar[Lifecycle[Any, Any]]

    if TYPE_CHECKING:
        id: Mapped[UUID]
        org_id: Mapped[UUID]
        state: Mapped[str]
        state_since: Mapped[datetime]
