"""`python -m workflows.engine.reconcile`: end what Temporal runs and the facts know nothing of, or know as over.

Needed after the database went back to an earlier moment: then Temporal is ahead of it. Open processes that do not
run are not its matter: the relay starts them.
"""

from __future__ import annotations

import asyncio
import os
import sys

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from models.postgres.database import make_engine, transaction
from models.queries.core.processes import current_generations
from models.running.settings import load_settings
from workflows.engine.census import end_run, run_of, running_ids
from workflows.engine.client import connect
from workflows.engine.converter import converter

REASON = "the facts know nothing of this life, or a newer one"


async def reconcile(client: Client, engine: Engine) -> list[str]:
    """End every running life of a process that is not the current one; returns their workflow ids.

    A life is started after its row was committed, so the facts are read after Temporal's list.
    """
    running = await running_ids(client)
    with transaction(engine) as session:
        current = current_generations(session)
    strangers = sorted(found for found in running if (life := run_of(found)) is not None and life not in current)
    for workflow_id in strangers:
        await end_run(client, workflow_id, reason=REASON)
    return strangers


async def main() -> int:
    """Exit status 0 when Temporal is in line with the facts."""
    settings = load_settings(os.environ)
    try:
        client = await connect(converter(settings.payload_keys))
        ended = await reconcile(client, make_engine(settings.worker_database_url, pool_size=1))
    except (RuntimeError, RPCError, TimeoutError) as error:
        sys.stderr.write(f"Temporal is not reached: {type(error).__name__}\n")
        return 1
    for workflow_id in ended:
        sys.stdout.write(f"ended {workflow_id}\n")
    sys.stdout.write(f"{len(ended)} processes ran in Temporal that the facts do not know or know as over.\n")
    return 0


if __name__ == "__main__":
    status = asyncio.run(main())
    sys.stdout.flush()
    # The client's own threads may still run while Python goes down; they are not waited for, and what is done is done.
    os._exit(status)
