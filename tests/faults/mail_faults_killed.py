"""M4: the sender is killed between a mail's acceptance and its record, or soon after; run alone it is the sender."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from email.message import EmailMessage
from pathlib import Path

from activities.core.loops.mail_sender import mail_sender
from deploy.local.processes import Child, Command
from models.crypto.sealing import use_secret
from models.domain.core.mail.messages import MessageStatus
from models.postgres.database import make_engine
from models.store.core.mail.messages import LEASE
from tests.faults.mail_faults_post import SECRET, Post
from tests.faults.scenario import Outcome

ROOT = Path(__file__).resolve().parents[2]
MAILS_TO_A_LIFE = 12
LIFE_ENDS_WITHIN = 20.0


class Executioner:
    """Kills the sender while the server holds a mail: at once, so before the answer, or soon after it."""

    def __init__(self, seed: int) -> None:
        self.pid = self.kills = self.between = 0
        self.in_doubt: set[str] = set()
        self._random = random.Random(seed)  # a schedule, not a secret
        self._lock = threading.Lock()
        self._mails_left = 0

    def aim(self, pid: int) -> None:
        """The next victim, and after how many mails it dies."""
        with self._lock:
            self._mails_left, self.pid = self._random.randint(1, MAILS_TO_A_LIFE), pid

    def on_data(self, mail: EmailMessage) -> str:
        with self._lock:
            self._mails_left -= 1
            if self.pid and self._mails_left == 0:
                self._strike(str(mail["Message-ID"]))
        return "250 OK"

    def _strike(self, message_id: str) -> None:
        victim, self.pid = self.pid, 0
        self.in_doubt.add(message_id)
        if self._random.random() < 0.5:
            self.between += 1
            os.kill(victim, signal.SIGKILL)
        else:
            threading.Timer(self._random.uniform(0.0, 0.02), self._strike_later, [victim]).start()
        self.kills += 1

    @staticmethod
    def _strike_later(victim: int) -> None:
        os.kill(victim, signal.SIGKILL)


def killed_senders(post: Post, home: Path, kills: int, seed: int) -> Outcome:
    """Kill one sender after another, then let one live; nothing is lost, and repeated only what was in doubt."""
    mails = kills * MAILS_TO_A_LIFE
    post.queue(*(f"p{number}@blueridge.example" for number in range(mails)))
    executioner = Executioner(seed)
    post.sink.on_data = executioner.on_data
    in_doubt: set[str] = set()
    while executioner.kills < kills:
        child = _start(post, home)
        taken = len(post.sink.mails)
        executioner.aim(child.pid)
        _wait_for_end(child)
        # The mail on its way and the one before it, whose note may not be committed yet, and any after a late strike.
        in_doubt |= {str(mail["Message-ID"]) for mail in post.sink.mails[taken:][-2:]} | executioner.in_doubt
        post.pass_time(int(LEASE.total_seconds()) + 1)
    executioner.pid = 0
    child = _start(post, home)
    _let_it_finish(post)
    child.stop(timeout=2)
    return _judge(post, executioner, mails, in_doubt)


def _judge(post: Post, executioner: Executioner, mails: int, in_doubt: set[str]) -> Outcome:
    copies = post.copies()
    repeated = {message for message, count in copies.items() if count > 1}
    problems = [] if post.states() == {MessageStatus.SENT: mails} else [f"in the end: {post.states()}"]
    if len(copies) != mails:
        problems.append(f"{len(copies)} Message-IDs for {mails} mails")
    if repeated - in_doubt or max(copies.values()) > 2:
        problems.append(
            f"handed over again without a doubt: {sorted(repeated - in_doubt)}, most {max(copies.values())}"
        )
    figures = (
        f"{executioner.kills} kills, {executioner.between} of them surely between acceptance and record; "
        f"{mails} mails, {len(repeated)} twice with the same Message-ID"
    )
    return Outcome(figures, problems + post.broken_invariants())


def _start(post: Post, home: Path) -> Child:
    environment = {"DATABASE": post.database.worker_url, "SMTP": post.url}
    command = [sys.executable, "-m", "tests.faults.mail_faults_killed"]
    child = Child(Command("Sender", command, home / "sender.log", environment, folder=ROOT))
    child.start()
    return child


def _wait_for_end(child: Child) -> None:
    until = time.monotonic() + LIFE_ENDS_WITHIN
    while child.running:
        if time.monotonic() > until:
            child.stop(timeout=1)
            raise TimeoutError("the sender took no mail and was not killed")
        time.sleep(0.01)
    child.wait_stopped(timeout=1)


def _let_it_finish(post: Post) -> None:
    until = time.monotonic() + LIFE_ENDS_WITHIN * 3
    while post.states().keys() - {MessageStatus.SENT} and time.monotonic() < until:
        time.sleep(0.5)
        post.pass_time(30)


def main() -> None:
    """The sender alone, as the worker runs it."""
    use_secret(SECRET)
    loop = mail_sender(
        make_engine(os.environ["DATABASE"], pool_size=2), smtp_url=os.environ["SMTP"], public_url="https://cvms.example"
    )
    loop.start()
    loop.join()


if __name__ == "__main__":
    main()
