"""M2: every kind of refusal leads to the right end: tried again, or given up and shown."""

from __future__ import annotations

from collections import Counter
from email.message import EmailMessage
from itertools import pairwise
from uuid import UUID

from models.domain.core.mail.messages import MessageStatus
from models.postgres.database import transaction
from models.queries.operations.system import unsent_messages
from tests.faults.mail_faults_post import Post
from tests.faults.mail_faults_server import send_all
from tests.faults.scenario import Outcome

EACH = 4
LONGEST_WAIT = 24 * 3600
TRIES_OF_THE_STUBBORN = 12
SOON = ("greylisted", "overloaded", "closing", "fine")
NEVER = ("unknown", "disabled")
MENDED = ("full", "spam", "too-big")
"""Refused with 5xx, and not because of the address: taken as soon as the server is put right."""
ANSWERS_TO_RCPT = {
    "greylisted": ("451 try later",),
    "closing": ("421 closing the connection",),
    "unknown": ("550 no such user",) * 99,
    "disabled": ("550 5.2.1 mailbox disabled",) * 99,
    "full": ("552 5.2.2 mailbox full",) * 4,
    "stubborn": ("450 not now",) * 99,
}
ANSWERS_TO_DATA = {
    "overloaded": ("452 no room", "451 local error"),
    "spam": ("554 5.7.1 refused",) * 4,
    "too-big": ("552 too big",) * 4,
}
"""What the server answers to the first tries for an address of this kind; after these it takes the mail."""


def refusals(post: Post) -> Outcome:
    """Mails of every kind through one sender, with time that passes."""
    tries: Counter[str] = Counter()

    def answer(answers: dict[str, tuple[str, ...]], address: str) -> str:
        kind = address.partition("@")[0].rstrip("0123456789")
        tries[address] += 1
        wanted = answers.get(kind, ())
        return wanted[tries[address] - 1] if tries[address] <= len(wanted) else "250 OK"

    def on_data(mail: EmailMessage) -> str:
        address = str(mail["To"])
        return answer(ANSWERS_TO_DATA, address) if address.startswith(tuple(ANSWERS_TO_DATA)) else "250 OK"

    post.sink.on_rcpt = lambda to: "250 OK" if to.startswith(tuple(ANSWERS_TO_DATA)) else answer(ANSWERS_TO_RCPT, to)
    post.sink.on_data = on_data
    addresses = [f"{kind}{number}@blueridge.example" for number in range(EACH) for kind in (*SOON, *MENDED, *NEVER)]
    queued = dict(zip(addresses, post.queue(*addresses), strict=True))
    [stubborn] = post.queue("stubborn@blueridge.example")
    waits = _let_time_pass(post, stubborn)
    problems = _problems(post, queued, waits)
    figures = f"{len(queued)} mails of 9 kinds and one refused for ever: waits {[round(wait) for wait in waits]} s"
    return Outcome(figures, problems + post.broken_invariants())


def _let_time_pass(post: Post, stubborn: UUID) -> list[float]:
    """Try, wait until the stubborn one is due again, and try once more; returns its waits."""
    waits = []
    for _ in range(TRIES_OF_THE_STUBBORN):
        while post.seconds_to_next_try(stubborn) <= 0:
            send_all(post.sender())
        waits.append(post.seconds_to_next_try(stubborn))
        post.pass_time(int(waits[-1]) + 2)
    return waits


def _problems(post: Post, queued: dict[str, UUID], waits: list[float]) -> list[str]:
    problems = []
    for address, message in queued.items():
        wanted = MessageStatus.SENT if address.startswith(SOON + MENDED) else MessageStatus.UNDELIVERABLE
        if post.message(message).status != wanted:
            problems.append(f"{address} is {post.message(message).status}: {post.log(message)}")
    if any(lazy_text < earlier - 2 for earlier, lazy_text in pairwise(waits)) or max(waits) > LONGEST_WAIT:
        problems.append(f"the waits do not grow to a day at most: {waits}")
    with transaction(post.database.app_engine) as session:
        shown = Counter(str(each.status) for each in unsent_messages(session))
    if shown != {MessageStatus.UNDELIVERABLE: EACH * len(NEVER), MessageStatus.WAITING: 1}:
        problems.append(f"the system page shows {shown}")
    return problems
