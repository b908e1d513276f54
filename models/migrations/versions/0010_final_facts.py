"""Facts that are final: neither the application's role nor the worker's may change them, whatever the code does.

What is only ever added may not be updated at all; of the rest only the columns that say what became of a row; and what
has become of it once stays. Only the owner of the tables, who migrates and restores, may do more.
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROLES = "cvms_app, cvms_worker"
ONLY_ADDED = "decisions, return_notes, news, causes, delivery_attempts"
CHANGEABLE = {
    "signatures": "signed_name, signed_at, superseded_at, chase",
    "grants": "ended_at",
    "links": "used_at, revoked_at",
    "deadlines": "fired_at, cancelled_at",
}
OF_THE_APP = {"recovery_codes": "used_at, revoked_at"}
FINAL = {
    "signatures": """
        (OLD.signed_at IS NOT NULL AND (NEW.signed_at, NEW.signed_name) IS DISTINCT FROM (OLD.signed_at, OLD.signed_name))
        OR (OLD.superseded_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)""",
    "grants": "OLD.ended_at IS NOT NULL",
    "links": "OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL",
    "deadlines": "OLD.fired_at IS NOT NULL OR OLD.cancelled_at IS NOT NULL",
    "recovery_codes": "OLD.used_at IS NOT NULL OR OLD.revoked_at IS NOT NULL",
    "tasks": """
        (OLD.status IN ('done', 'withdrawn')
         AND (NEW.status, NEW.outcome, NEW.decided_by) IS DISTINCT FROM (OLD.status, OLD.outcome, OLD.decided_by))
        OR (OLD.decided_at IS NOT NULL
            AND (NEW.decided_at, NEW.cause_key) IS DISTINCT FROM (OLD.decided_at, OLD.cause_key))""",
    "sessions": "OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at",
    "enrollments": "OLD.state IN ('approved', 'denied', 'withdrawn') AND NEW.state <> OLD.state",
}
"""When an update touches what is final, by table."""
KEEP = """
CREATE FUNCTION keep_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE insufficient_privilege USING MESSAGE = 'a final fact in ' || TG_TABLE_NAME || ' is not changed';
    END IF;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    op.execute(KEEP)
    for table, condition in FINAL.items():
        op.execute(
            f"CREATE TRIGGER final BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION keep_final()"
        )
    op.execute(f"REVOKE UPDATE ON {ONLY_ADDED}, {', '.join(CHANGEABLE)} FROM {ROLES}")
    for table, columns in CHANGEABLE.items():
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {ROLES}")
    for table, columns in OF_THE_APP.items():
        op.execute(f"REVOKE UPDATE ON {table} FROM cvms_app")
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO cvms_app")


def downgrade() -> None:
    both = f"{ONLY_ADDED.replace(', delivery_attempts', '')}, {', '.join(CHANGEABLE)}"
    op.execute(f"GRANT UPDATE ON {both} TO {ROLES}")
    op.execute("GRANT UPDATE ON delivery_attempts TO cvms_worker")
    op.execute(f"GRANT UPDATE ON {', '.join(OF_THE_APP)} TO cvms_app")
    for table in FINAL:
        op.execute(f"DROP TRIGGER final ON {table}")
    op.execute("DROP FUNCTION keep_final()")
