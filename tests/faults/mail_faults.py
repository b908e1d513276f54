"""M1–M4 and P11: the mail server away, refusing, silent after the data, and the sender killed; nothing gets lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from models.crypto.sealing import use_secret
from tests.database import Database, clone_database, run_server
from tests.faults.mail_faults_killed import killed_senders
from tests.faults.mail_faults_post import SECRET, Post
from tests.faults.mail_faults_refused import refusals
from tests.faults.mail_faults_server import lost_answers, outage, promptness
from tests.faults.scenario import Outcome

QUEUED = 5000
LOST_ANSWERS_OF = 500
KILLS = 50
PROMPT = 300


def run(
    home: Path,
    seed: int,
    *,
    queued: int = QUEUED,
    answers: int = LOST_ANSWERS_OF,
    kills: int = KILLS,
    prompt: int = PROMPT,
) -> Outcome:
    """One part after the other, each with an empty database and a new mail server."""
    parts: dict[str, Callable[[Post], Outcome]] = {
        "M1": lambda post: outage(post, queued),
        "M2": refusals,
        "M3": lambda post: lost_answers(post, answers, seed),
        "M4": lambda post: killed_senders(post, home, kills, seed),
        "P11": lambda post: promptness(post, prompt),
    }
    use_secret(SECRET)
    figures, problems = [], []
    with _database() as database:
        for name, part in parts.items():
            with Post(database) as post:
                outcome = part(post)
            figures.append(f"{name}: {outcome.figures}")
            problems += [f"{name}: {problem}" for problem in outcome.problems]
            database.clean()
    return replace(Outcome("; ".join(figures)), problems=problems)


@contextmanager
def _database() -> Iterator[Database]:
    servers = run_server(os.environ.get("CVMS_PG_BIN"))
    try:
        database = clone_database(next(servers), "cvms_mail_faults")
        try:
            yield database
        finally:
            database.dispose()
    finally:
        servers.close()


if __name__ == "__main__":
    import sys
    import tempfile

    count = [int(given) for given in sys.argv[1:]]
    sizes = dict(zip(("queued", "answers", "kills", "prompt"), count, strict=False))
    print(run(Path(tempfile.mkdtemp(prefix="cvms-mail-faults-")), 1, **sizes))
