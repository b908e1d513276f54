"""The audit trail as lines that prove themselves: each row with its seal, and a last line with the head and the count.

Proved offline: from such lines alone, without the database and without a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from models.domain.core.audit.chain import GENESIS, canonical, seal

MOST_FAULTS = 20
"""How many faults are named; one wrong row breaks the chain for every later one."""


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row of the audit trail, with its place in the chain."""

    seq: int
    prev_hash: str
    hash: str
    row: Mapping[str, object]


@dataclass(slots=True)
class Proof:
    """What was found: how many rows, the hash of the last one, and every fault in words."""

    count: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)
    closed: bool = False
    seen_head: bool = False

    def fault(self, words: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(words)


def row_line(sealed: SealedRow) -> str:
    """One row as a line."""
    row = json.loads(canonical(sealed.row))
    return _line({"seq": sealed.seq, "prev_hash": sealed.prev_hash, "hash": sealed.hash, "row": row})


def last_line(*, head: str, count: int) -> str:
    """The line that ends an export, so that a cut file is noticed."""
    return _line({"count": count, "head": head})


def prove(lines: Iterable[str], *, head: str | None = None) -> Proof:
    """Recompute the chain of an export.

    A changed, deleted, added or swapped row breaks it. Whoever rewrites every hash, or cuts rows and last
    line off alike, is found by `head`: a hash that was noted elsewhere must stand in the chain.
    """
    proof = Proof(seen_head=head is None)
    for number, line in enumerate(lines, start=1):
        _take(proof, number, line)
        proof.seen_head = proof.seen_head or proof.head == head
    if not proof.closed:
        proof.fault("the last line is missing: the file was cut")
    if not proof.seen_head:
        proof.fault(f"the head {head} is not in the chain: rows after it was noted are gone, or all were rewritten")
    return proof


def _take(proof: Proof, number: int, line: str) -> None:
    entry = _read(line)
    if proof.closed:
        proof.fault(f"line {number} comes after the last line")
    elif entry is None:
        proof.fault(f"line {number} is no entry")
    elif "row" in entry:
        _take_row(proof, number, entry)
    else:
        proof.closed = True
        if (entry.get("count"), entry.get("head")) != (proof.count, proof.head):
            proof.fault(f"line {number} promises {entry.get('count')} rows up to another hash than the one found")


def _take_row(proof: Proof, number: int, entry: Mapping[str, object]) -> None:
    proof.count += 1
    row = entry["row"]
    if entry.get("seq") != proof.count:
        proof.fault(f"line {number}: row {proof.count} is expected, {entry.get('seq')} stands there")
    if entry.get("prev_hash") != proof.head:
        proof.fault(f"line {number}: does not follow the row before it")
    if not isinstance(row, dict) or entry.get("hash") != seal(str(entry.get("prev_hash")), row):
        proof.fault(f"line {number}: the row does not fit its seal")
    proof.head = str(entry.get("hash"))


def _read(line: str) -> dict[str, object] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and ("row" in entry or "count" in entry) else None


def _line(entry: Mapping[str, object]) -> str:
    return json.dumps(entry, sort_keys=True, separators=(",", ":")) + "\n"
