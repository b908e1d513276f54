"""The invariants of the product as statements over the `inv` views; each must return no row."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.domain.core.audit.chain import GENESIS, seal
from models.domain.core.permissions import STATE_ROLES
from models.tables.core.audit import AuditRow, AuditSeal

_STATE_ROLES = ", ".join(f"'{role}'" for role in sorted(STATE_ROLES))


@dataclass(frozen=True, slots=True)
class Invariant:
    """An invariant: its id in the catalogue, what it says, and the statement that finds violations."""

    id: str
    says: str
    statement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; `violations` is how many rows break it, `note` says more in words."""

    id: str
    says: str
    violations: int
    note: str = ""


INVARIANTS = (
    Invariant(
        "I2",
        "a cause decides at most one task",
        "SELECT cause_key FROM inv.task WHERE outcome IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    ),
    Invariant("I2", "a cause sends a mail once", "SELECT cause_key FROM inv.mail GROUP BY 1 HAVING count(*) > 1"),
    Invariant(
        "I8",
        "a process that waits for a person has an open task",
        """SELECT entity_id FROM inv.entity e
            WHERE waiting_for = 'person' AND updated_at < now() - interval '60 s'
              AND NOT EXISTS (SELECT 1 FROM inv.task t WHERE t.workflow_id = e.workflow_id
                                 AND t.status IN ('open', 'claimed'))""",
    ),
    Invariant(
        "I8",
        "nobody is asked the same thing twice at once",
        """SELECT workflow_id, kind, subject_id FROM inv.task WHERE status IN ('open', 'claimed')
            GROUP BY 1, 2, 3 HAVING count(*) > 1""",
    ),
    Invariant(
        "I9",
        "every open entity has one open process",
        """SELECT e.entity_id FROM inv.entity e JOIN inv.process p USING (process_kind, entity_id)
              LEFT JOIN inv.process_state s USING (process_kind, state)
            WHERE p.open IS NOT DISTINCT FROM coalesce(s.final, true)
              AND e.updated_at < now() - interval '60 s'""",
    ),
    Invariant(
        "I9",
        "what was told is heard within 60 seconds",
        """SELECT process_id FROM inv.process p WHERE open AND heard < told
              AND (SELECT min(created_at) FROM inv.news n WHERE n.process_id = p.process_id AND n.number > p.heard)
                  < now() - interval '60 s'""",
    ),
    Invariant(
        "I9",
        "every open process was seen running within 60 seconds",
        """SELECT process_id FROM inv.process WHERE open AND generation_at < now() - interval '60 s'
              AND coalesce(running_seen_at, '-infinity') < now() - interval '60 s'""",
    ),
    Invariant(
        "I10", "a decided task has an outcome", "SELECT task_id FROM inv.task WHERE status = 'done' AND outcome IS NULL"
    ),
    Invariant("I10", "a task is decided once", "SELECT task_id FROM inv.task GROUP BY task_id HAVING count(*) > 1"),
    Invariant(
        "I12",
        "every mail belongs to an act that happened",
        """SELECT cause_key FROM inv.mail m
            WHERE NOT EXISTS (SELECT 1 FROM inv.audit a WHERE a.cause_key = m.cause_key)""",
    ),
    Invariant(
        "I13",
        "every decision of a task has an audit row",
        """SELECT task_id FROM inv.task t WHERE outcome IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM inv.audit a WHERE a.object_id = t.task_id AND a.cause_key = t.cause_key)""",
    ),
    Invariant(
        "I16",
        "a deadline fires within 60 seconds",
        "SELECT entity_id FROM inv.deadline WHERE due_at < now() - interval '60 s' AND fired_at IS NULL",
    ),
    Invariant(
        "I16",
        "a deadline fires once",
        """SELECT process_id FROM inv.deadline GROUP BY process_id, kind, subject_id, due_at HAVING count(*) > 1""",
    ),
    Invariant("I19", "no mail carries health data", "SELECT mail_id FROM inv.mail WHERE body_has_phi"),
    Invariant(
        "I20",
        "a session past its account or its limits is ended within a minute",
        f"""SELECT s.sid_hash FROM inv.session_ s JOIN inv.account a USING (user_id)
             WHERE s.ended_at IS NULL
               AND (a.status <> 'active' OR now() - s.created_at > interval '12 h 1 min'
                    OR now() - s.last_seen_at > CASE WHEN EXISTS (
                           SELECT 1 FROM inv.grant_ g WHERE g.user_id = s.user_id AND g.role IN ({_STATE_ROLES}))
                       THEN interval '16 min' ELSE interval '31 min' END)""",  # noqa: S608  # names of our own roles
    ),
    Invariant(
        "I21",
        "the generic code gives no power",
        """SELECT g.user_id FROM inv.grant_ g JOIN inv.account a USING (user_id)
            WHERE a.via_generic_code AND g.role <> 'HDG' AND g.granted_because = 'registration code'""",
    ),
)

TENANT_KEYS = """
SELECT c.conrelid::regclass AS child, c.confrelid::regclass AS parent, ca.attname AS child_key, pa.attname AS parent_key
  FROM pg_constraint c
  JOIN pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = c.conkey[1]
  JOIN pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = c.confkey[1]
 WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND cardinality(c.conkey) = 1
   AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.conrelid AND attname = 'org_id' AND NOT attisdropped)
   AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.confrelid AND attname = 'org_id' AND NOT attisdropped)
"""


def check_invariants(session: Session) -> list[Finding]:
    """Check every invariant that has its tables; the order is that of the catalogue."""
    found = [
        Finding(invariant.id, invariant.says, len(session.execute(text(invariant.statement)).all()))
        for invariant in INVARIANTS
    ]
    found += [check_audit_chain(session), check_tenants(session)]
    return sorted(found, key=lambda finding: int(finding.id.strip("I")))


def check_tenants(session: Session) -> Finding:
    """I22: no row refers to a row of another organization; the pairs come from the foreign keys."""
    pairs = session.execute(text(TENANT_KEYS)).all()
    broken = 0
    for child, parent, child_key, parent_key in pairs:
        statement = (
            f"SELECT count(*) FROM {child} c JOIN {parent} p ON c.{child_key} = p.{parent_key} "  # noqa: S608  # names from the catalog
            "WHERE c.org_id <> p.org_id"
        )
        broken += session.execute(text(statement)).scalar_one()
    return Finding("I22", "no row refers across organizations", broken, f"{len(pairs)} foreign keys")


def check_audit_chain(session: Session) -> Finding:
    """I14: recompute every seal; a gap, a changed row or a cut chain shows as a violation.

    One statement, so that rows that are sealed meanwhile are no violation.
    """
    previous, number, broken = GENESIS, 0, 0
    sealed = select(AuditSeal, AuditRow).outerjoin(AuditRow, AuditRow.id == AuditSeal.audit_id)
    for row in session.execute(sealed.order_by(AuditSeal.seq).execution_options(yield_per=1000)):
        number += 1
        intact = row.AuditRow and row.AuditSeal.seq == number and row.AuditSeal.prev_hash == previous
        broken += not (intact and row.AuditSeal.hash == seal(previous, row.AuditRow.as_sealed()))
        previous = row.AuditSeal.hash
    return Finding("I14", "the audit chain is whole", broken, _chain_note(session, number))


def _chain_note(session: Session, sealed: int) -> str:
    age = session.execute(
        text(
            "SELECT extract(epoch FROM now() - min(a.at)) FROM audit a LEFT JOIN audit_seals s ON s.audit_id = a.id "
            "WHERE s.seq IS NULL"
        )
    ).scalar_one()
    return f"{sealed} rows sealed, " + (f"oldest unsealed row {float(age):.1f} s" if age else "none unsealed")
