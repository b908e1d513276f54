"""A mail server that is away for an hour (M1) or loses its answers (M3), and one that works (P11)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from activities.core.loops.mail_sender import MailSender, mail_sender
from activities.core.mail_server import MailServerDown
from models.domain.core.mail.messages import MessageStatus
from models.postgres.listening import Listener
from models.store.core.mail.messages import MESSAGE_CHANNEL
from tests.faults.mail_faults_post import IN_ONE_TRANSACTION, Post
from tests.faults.proxy import Harm
from tests.faults.scenario import Outcome

SENDERS = 2
MOST_CONNECTIONS = 5
DRAINED_WITHIN = 600.0
P11_SECONDS = 10.0
LATE = """
SELECT count(*) FILTER (WHERE took > :limit), max(took), percentile_disc(0.99) WITHIN GROUP (ORDER BY took)
FROM (SELECT extract(epoch FROM handed_over_at - created_at) AS took FROM messages) AS handed
"""


def outage(post: Post, queued: int) -> Outcome:
    """M1: away for 60 minutes while the queue grows; then everything goes out, the oldest first."""
    post.sink.down()
    senders = [post.sender() for _ in range(SENDERS)]
    for start in range(0, queued, queued // 6):
        post.queue(*(f"p{number}@blueridge.example" for number in range(start, min(queued, start + queued // 6))))
        post.pass_time(600)
        for sender in senders:
            _try_in_vain(sender)
    problems = [] if post.states() == {MessageStatus.WAITING: queued} else [f"while away: {post.states()}"]
    post.sink.up()
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(send_all, senders))
    took = time.monotonic() - began
    arrived = [int(str(mail["To"]).partition("@")[0][1:]) for mail in post.sink.mails]
    # Within a transaction all are equally old, and each sender holds a batch of its own.
    behind = max((max(arrived[: place + 1]) - number for place, number in enumerate(arrived)), default=0)
    if sorted(arrived) != list(range(queued)):
        problems.append(f"{len(arrived)} arrived of {queued}, {len(set(arrived))} of them different")
    if behind > 2 * IN_ONE_TRANSACTION:
        problems.append(f"not the oldest first: one came {behind} places late")
    if post.proxy.most_open > MOST_CONNECTIONS or took > DRAINED_WITHIN:
        problems.append(f"{post.proxy.most_open} connections at once, {took:.0f} s")
    figures = f"{len(arrived)} of {queued} after an hour in {took:.0f} s, connections at once {post.proxy.most_open}"
    return Outcome(figures, problems + post.broken_invariants())


def lost_answers(post: Post, mails: int, seed: int) -> Outcome:
    """M3: one answer after DATA in twenty is lost; what is handed over again has the same Message-ID."""
    del seed  # which answers are lost follows from the proxy's own chance
    post.queue(*(f"p{number}@blueridge.example" for number in range(mails)))
    post.proxy.harm = Harm(swallow=lambda sent: sent.endswith(b"\r\n.\r\n"), share=0.05)
    sender = post.sender()
    for _ in range(mails):
        send_all(sender)
        if not post.states()[MessageStatus.WAITING]:
            break
        post.pass_time(60)
    copies, drops = post.copies(), post.proxy.swallowed
    repeats = sum(copies.values()) - len(copies)
    problems = [] if post.states() == {MessageStatus.SENT: mails} else [f"in the end: {post.states()}"]
    if len(copies) != mails or not drops or repeats > drops:
        problems.append(f"{len(copies)} Message-IDs for {mails} mails, {repeats} repeats of {drops} lost answers")
    return Outcome(f"{drops} answers lost of {mails} mails, {repeats} repeats", problems + post.broken_invariants())


def promptness(post: Post, mails: int) -> Outcome:
    """P11: 99 % of messages are handed over within 10 s of their commit, by the loop that the worker has."""
    loop = mail_sender(post.database.worker_engine, smtp_url=post.url, public_url="https://cvms.example")
    listener = Listener(post.database.worker_url, {MESSAGE_CHANNEL: loop.wake})
    loop.start()
    listener.start()
    for number in range(mails):
        post.queue(f"p{number}@blueridge.example")
        time.sleep(0.02)
    until = time.monotonic() + 30
    while post.states()[MessageStatus.SENT] < mails and time.monotonic() < until:
        time.sleep(0.2)
    for part in (loop, listener):
        part.stop()
        part.join(10)
    with post.database.owner_engine.connect() as connection:
        late, longest, p99 = connection.execute(text(LATE), {"limit": P11_SECONDS}).one()
    states = post.states()
    problems = [] if states == {MessageStatus.SENT: mails} and late <= mails / 100 else [f"{states}, {late} late"]
    return Outcome(f"{mails} mails, p99 {p99:.2f} s, longest {longest:.2f} s after the commit", problems)


def send_all(sender: MailSender) -> None:
    """Send until nothing is due."""
    while sender.send_due():
        pass


def _try_in_vain(sender: MailSender) -> None:
    try:
        sender.send_due()
    except MailServerDown:
        return
    raise AssertionError("the mail server was to be away")
