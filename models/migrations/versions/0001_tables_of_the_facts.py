"""Tables of the facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


CLOCK = """
CREATE TABLE clock_shift (shift interval NOT NULL, only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row));
COMMENT ON TABLE clock_shift IS 'Shifts the time of the training area and of tests; only the owner writes it.';
CREATE FUNCTION db_now() RETURNS timestamptz LANGUAGE sql STABLE
    AS $$ SELECT now() + coalesce((SELECT shift FROM clock_shift), interval '0') $$;
"""


def upgrade() -> None:
    op.execute(CLOCK)
    op.create_table(
        "accounts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_norm", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("via_generic_code", sa.Boolean(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status <> 'active' OR password_hash IS NOT NULL",
            name=op.f("ck_accounts_active_has_password"),
        ),
        sa.CheckConstraint(
            "status IN ('invited', 'active', 'disabled')",
            name=op.f("ck_accounts_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email_norm", name=op.f("uq_accounts_email_norm")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_hash", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("known_device", sa.Boolean(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(
        "ix_attempts_address",
        "attempts",
        ["action", "address_hash", "at"],
        unique=False,
    )
    op.create_index("ix_attempts_at", "attempts", ["at"], unique=False)
    op.create_index(
        "ix_attempts_subject",
        "attempts",
        ["action", "subject_hash", "at"],
        unique=False,
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.UUID(), nullable=True),
        sa.Column("org_id", sa.UUID(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cause_key", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('person', 'link', 'process', 'system', 'anonymous')",
            name=op.f("ck_audit_actor_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_cause_key", "audit", ["cause_key"], unique=False)
    op.create_index("ix_audit_object", "audit", ["object_type", "object_id", "id"], unique=False)
    op.create_index(op.f("ix_audit_org_id"), "audit", ["org_id"], unique=False)
    op.create_table(
        "causes",
        sa.Column("cause_key", sa.Text(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("cause_key", name=op.f("pk_causes")),
    )
    op.create_table(
        "censuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "requested_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_censuses")),
    )
    op.create_table(
        "form_answers",
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("actor_id", "route", "key", name=op.f("pk_form_answers")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('confirm_enrollment', 'join_location', 'sign_section', 'reset_password', 'accept_account')",
            name=op.f("ck_links_purpose_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    op.create_index(
        "ix_links_live",
        "links",
        ["purpose", "subject_id"],
        unique=False,
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("cause_key", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=True),
        sa.Column("org_id", sa.UUID(), nullable=True),
        sa.Column("entity_id", sa.UUID(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'undeliverable')",
            name=op.f("ck_messages_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("cause_key", name=op.f("uq_messages_cause_key")),
    )
    op.create_index(op.f("ix_messages_entity_id"), "messages", ["entity_id"], unique=False)
    op.create_index(op.f("ix_messages_org_id"), "messages", ["org_id"], unique=False)
    op.create_index("ix_messages_to_address", "messages", ["to_address", "created_at"], unique=False)
    op.create_index(
        "ix_messages_to_send",
        "messages",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('applicant', 'active', 'denied', 'withdrawn')",
            name=op.f("ck_organizations_status_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_table(
        "processes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("heard", sa.BigInteger(), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=False),
        sa.Column("running_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "generation_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("entity_type IN ('enrollment')", name=op.f("ck_processes_entity_type_known")),
        sa.CheckConstraint("kind IN ('ProviderEnrollment')", name=op.f("ck_processes_kind_known")),
        sa.CheckConstraint(
            "waiting_for IN ('person', 'process', 'nobody')",
            name=op.f("ck_processes_waiting_for_known"),
        ),
        sa.CheckConstraint(
            "heard <= told AND rung <= told AND told >= 0",
            name=op.f("ck_processes_numbers_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
        sa.UniqueConstraint("kind", "entity_id", name=op.f("uq_processes_kind_entity_id")),
    )
    op.create_index(op.f("ix_processes_org_id"), "processes", ["org_id"], unique=False)
    op.create_index(
        "ix_processes_to_ring",
        "processes",
        ["updated_at"],
        unique=False,
        postgresql_where=sa.text("open AND rung < told"),
    )
    op.create_index(
        "ix_processes_unheard",
        "processes",
        ["updated_at"],
        unique=False,
        postgresql_where=sa.text("open AND heard < told"),
    )
    op.create_table(
        "program_settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "effective_from", name=op.f("pk_program_settings")),
    )
    op.create_table(
        "worker_heartbeats",
        sa.Column("worker_id", sa.Text(), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("temporal_reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("temporal_problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_worker_heartbeats")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("audit_id", sa.BigInteger(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "sealed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_audit_seals_audit_id_audit")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_audit_seals_audit_id")),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint("entity_type IN ('enrollment')", name=op.f("ck_deadlines_entity_type_known")),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["processes.id"],
            name=op.f("fk_deadlines_process_id_processes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "entity_id",
            "kind",
            "subject_id",
            "due_at",
            name=op.f("uq_deadlines_entity_id_kind_subject_id_due_at"),
        ),
    )
    op.create_index(op.f("ix_deadlines_process_id"), "deadlines", ["process_id"], unique=False)
    op.create_index(
        "ix_deadlines_waiting",
        "deadlines",
        ["entity_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reply_code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_delivery_attempts_message_id_messages"),
        ),
        sa.PrimaryKeyConstraint("message_id", "attempt", name=op.f("pk_delivery_attempts")),
    )
    op.create_table(
        "enrollments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "state_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("admin_account_id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'in_approval', 'returned', 'approved', 'denied', 'withdrawn')",
            name=op.f("ck_enrollments_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["admin_account_id"],
            ["accounts.id"],
            name=op.f("fk_enrollments_admin_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_enrollments_org_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollments")),
        sa.UniqueConstraint("reference", name=op.f("uq_enrollments_reference")),
    )
    op.create_index(
        "uq_enrollments_live",
        "enrollments",
        ["org_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('denied', 'withdrawn')"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope_type", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.Text(), nullable=True),
        sa.Column("org_id", sa.UUID(), nullable=True),
        sa.Column("granted_by", sa.UUID(), nullable=True),
        sa.Column("granted_because", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scope_type = 'state') = (scope_id IS NULL)",
            name=op.f("ck_grants_scope_id_given"),
        ),
        sa.CheckConstraint(
            "role IN ('ANON', 'RCP', 'EMP', 'EMPX', 'HCP', 'LOC', 'COO', 'ORG', 'HDR', 'HDG', 'AGT', 'SUP', 'REV', 'ALC', 'RPT', 'ADM', 'AUD', 'SVC')",
            name=op.f("ck_grants_role_known"),
        ),
        sa.CheckConstraint(
            "scope_type IN ('state', 'team', 'organization', 'location')",
            name=op.f("ck_grants_scope_type_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_grants_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_grants_org_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_account_id"), "grants", ["account_id"], unique=False)
    op.create_index(op.f("ix_grants_org_id"), "grants", ["org_id"], unique=False)
    op.create_index(
        "uq_grants_live",
        "grants",
        ["account_id", "role", "scope_type", "scope_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "known_devices",
        sa.Column("device_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_known_devices_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("device_hash", "account_id", name=op.f("pk_known_devices")),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pin", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("pin ~ '^[1-9][0-9]{5}$'", name=op.f("ck_locations_pin_six_digits")),
        sa.CheckConstraint(
            "status <> 'active' OR pin IS NOT NULL",
            name=op.f("ck_locations_active_has_pin"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'active', 'closed')",
            name=op.f("ck_locations_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_locations_org_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_locations_org_id_id")),
        sa.UniqueConstraint("pin", name=op.f("uq_locations_pin")),
    )
    op.create_index(op.f("ix_locations_org_id"), "locations", ["org_id"], unique=False)
    op.create_table(
        "news",
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("cause_key", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('started', 'rebuilt', 'task_decided', 'deadline_moved', 'sections_changed', 'enrollment_withdrawn')",
            name=op.f("ck_news_kind_known"),
        ),
        sa.ForeignKeyConstraint(["process_id"], ["processes.id"], name=op.f("fk_news_process_id_processes")),
        sa.PrimaryKeyConstraint("process_id", "number", name=op.f("pk_news")),
        sa.UniqueConstraint("process_id", "cause_key", name=op.f("uq_news_process_id_cause_key")),
    )
    op.create_table(
        "sessions",
        sa.Column("sid_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pending_totp", sa.LargeBinary(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_sessions_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("sid_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    op.create_table(
        "enrollment_starts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("organization_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("enrollment_id", sa.UUID(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollments.id"],
            name=op.f("fk_enrollment_starts_enrollment_id_enrollments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment_starts")),
    )
    op.create_table(
        "sections",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("enrollment_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "state_since",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("chase", sa.Integer(), nullable=False),
        sa.Column("coordinator_name", sa.Text(), nullable=True),
        sa.Column("coordinator_email", sa.Text(), nullable=True),
        sa.Column("coordinator_language", sa.Text(), nullable=False),
        sa.Column("coordinator_account_id", sa.UUID(), nullable=True),
        sa.Column("coordinator_turn", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'B') = (location_id IS NOT NULL)",
            name=op.f("ck_sections_b_has_location"),
        ),
        sa.CheckConstraint("kind IN ('A', 'B')", name=op.f("ck_sections_kind_known")),
        sa.CheckConstraint(
            "state IN ('invited', 'draft', 'awaiting_signature', 'signed')",
            name=op.f("ck_sections_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["coordinator_account_id"],
            ["accounts.id"],
            name=op.f("fk_sections_coordinator_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollments.id"],
            name=op.f("fk_sections_enrollment_id_enrollments"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_sections_location_id_locations"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_sections_org_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        sa.UniqueConstraint(
            "enrollment_id",
            "kind",
            "location_id",
            name=op.f("uq_sections_enrollment_id_kind_location_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_sections_enrollment_id"), "sections", ["enrollment_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("process_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.UUID(), nullable=False),
        sa.Column("subject_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("location_id", sa.UUID(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("candidate_role", sa.Text(), nullable=True),
        sa.Column("excluded", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("title_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.UUID(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("opening_key", sa.Text(), nullable=False),
        sa.Column("cause_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'done') = (outcome IS NOT NULL)",
            name=op.f("ck_tasks_done_has_outcome"),
        ),
        sa.CheckConstraint("entity_type IN ('enrollment')", name=op.f("ck_tasks_entity_type_known")),
        sa.CheckConstraint(
            "kind IN ('complete_section', 'sign_section', 'name_another_signer', 'submit_enrollment', 'review_enrollment', 'approve_enrollment', 'resolve_overdue_task')",
            name=op.f("ck_tasks_kind_known"),
        ),
        sa.CheckConstraint(
            "status <> 'claimed' OR assignee_id IS NOT NULL",
            name=op.f("ck_tasks_claimed_has_assignee"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'claimed', 'done', 'withdrawn')",
            name=op.f("ck_tasks_status_known"),
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["accounts.id"], name=op.f("fk_tasks_assignee_id_accounts")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_tasks_decided_by_accounts")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["locations.id"],
            name=op.f("fk_tasks_location_id_locations"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organizations.id"], name=op.f("fk_tasks_org_id_organizations")),
        sa.ForeignKeyConstraint(["process_id"], ["processes.id"], name=op.f("fk_tasks_process_id_processes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("cause_key", name=op.f("uq_tasks_cause_key")),
        sa.UniqueConstraint("opening_key", name=op.f("uq_tasks_opening_key")),
    )
    op.create_index(
        "ix_tasks_assignee",
        "tasks",
        ["assignee_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.create_index("ix_tasks_decided_by", "tasks", ["decided_by", "decided_at"], unique=False)
    op.create_index(op.f("ix_tasks_entity_id"), "tasks", ["entity_id"], unique=False)
    op.create_index(op.f("ix_tasks_location_id"), "tasks", ["location_id"], unique=False)
    op.create_index(
        "ix_tasks_org_inbox",
        "tasks",
        ["org_id", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.create_index(op.f("ix_tasks_process_id"), "tasks", ["process_id"], unique=False)
    op.create_index(
        "ix_tasks_team_inbox",
        "tasks",
        ["team", "candidate_role", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.create_index(
        "ix_tasks_team_news",
        "tasks",
        ["team", "candidate_role", "opened_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.create_index(
        "uq_tasks_live_subject",
        "tasks",
        ["entity_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("enrollment_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.UUID(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=False),
        sa.Column(
            "decided_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "outcome IN ('completed', 'signed', 'replaced', 'kept', 'submitted', 'recommended', 'approved', 'returned', 'denied', 'extended', 'assigned')",
            name=op.f("ck_decisions_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["accounts.id"],
            name=op.f("fk_decisions_decided_by_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollments.id"],
            name=op.f("fk_decisions_enrollment_id_enrollments"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_decisions_org_id_organizations"),
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_decisions_task_id_tasks")),
        sa.CheckConstraint("kind IN ('review_enrollment', 'approve_enrollment')", name=op.f("ck_decisions_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint(
            "enrollment_id",
            "submission",
            "kind",
            name=op.f("uq_decisions_enrollment_id_submission_kind"),
        ),
        sa.UniqueConstraint("task_id", name=op.f("uq_decisions_task_id")),
    )
    op.create_index(op.f("ix_decisions_enrollment_id"), "decisions", ["enrollment_id"], unique=False)
    op.create_table(
        "signatures",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("section_id", sa.UUID(), nullable=False),
        sa.Column("enrollment_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("text", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signed_name", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chase", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('cmo', 'ceo', 'coordinator')",
            name=op.f("ck_signatures_role_known"),
        ),
        sa.CheckConstraint(
            "signed_at IS NULL OR signed_name IS NOT NULL",
            name=op.f("ck_signatures_signed_has_name"),
        ),
        sa.ForeignKeyConstraint(
            ["enrollment_id"],
            ["enrollments.id"],
            name=op.f("fk_signatures_enrollment_id_enrollments"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_signatures_org_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["sections.id"],
            name=op.f("fk_signatures_section_id_sections"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
    )
    op.create_index(
        op.f("ix_signatures_enrollment_id"),
        "signatures",
        ["enrollment_id"],
        unique=False,
    )
    op.create_index(op.f("ix_signatures_section_id"), "signatures", ["section_id"], unique=False)
    op.create_index(
        "uq_signatures_live",
        "signatures",
        ["section_id", "role"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "return_notes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("decision_id", sa.UUID(), nullable=False),
        sa.Column("section_id", sa.UUID(), nullable=False),
        sa.Column("org_id", sa.UUID(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("db_now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_return_notes_decision_id_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organizations.id"],
            name=op.f("fk_return_notes_org_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["section_id"],
            ["sections.id"],
            name=op.f("fk_return_notes_section_id_sections"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_notes")),
    )
    op.create_index(
        op.f("ix_return_notes_decision_id"),
        "return_notes",
        ["decision_id"],
        unique=False,
    )
    op.create_index(op.f("ix_return_notes_section_id"), "return_notes", ["section_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_return_notes_section_id"), table_name="return_notes")
    op.drop_index(op.f("ix_return_notes_decision_id"), table_name="return_notes")
    op.drop_table("return_notes")
    op.drop_index(
        "uq_signatures_live",
        table_name="signatures",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index(op.f("ix_signatures_section_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_enrollment_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(op.f("ix_decisions_enrollment_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index(
        "uq_tasks_live_subject",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.drop_index(
        "ix_tasks_team_news",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.drop_index(
        "ix_tasks_team_inbox",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.drop_index(op.f("ix_tasks_process_id"), table_name="tasks")
    op.drop_index(
        "ix_tasks_org_inbox",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.drop_index(op.f("ix_tasks_location_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_entity_id"), table_name="tasks")
    op.drop_index("ix_tasks_decided_by", table_name="tasks")
    op.drop_index(
        "ix_tasks_assignee",
        table_name="tasks",
        postgresql_where=sa.text("status IN ('open', 'claimed')"),
    )
    op.drop_table("tasks")
    op.drop_index(op.f("ix_sections_enrollment_id"), table_name="sections")
    op.drop_table("sections")
    op.drop_table("enrollment_starts")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("news")
    op.drop_index(op.f("ix_locations_org_id"), table_name="locations")
    op.drop_table("locations")
    op.drop_table("known_devices")
    op.drop_index(
        "uq_grants_live",
        table_name="grants",
        postgresql_where=sa.text("ended_at IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index(op.f("ix_grants_org_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_account_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(
        "uq_enrollments_live",
        table_name="enrollments",
        postgresql_where=sa.text("state NOT IN ('denied', 'withdrawn')"),
    )
    op.drop_table("enrollments")
    op.drop_table("delivery_attempts")
    op.drop_index(
        "ix_deadlines_waiting",
        table_name="deadlines",
        postgresql_where=sa.text("fired_at IS NULL AND cancelled_at IS NULL"),
    )
    op.drop_index(op.f("ix_deadlines_process_id"), table_name="deadlines")
    op.drop_table("deadlines")
    op.drop_table("audit_seals")
    op.drop_table("worker_heartbeats")
    op.drop_table("program_settings")
    op.drop_index(
        "ix_processes_unheard",
        table_name="processes",
        postgresql_where=sa.text("open AND heard < told"),
    )
    op.drop_index(
        "ix_processes_to_ring",
        table_name="processes",
        postgresql_where=sa.text("open AND rung < told"),
    )
    op.drop_index(op.f("ix_processes_org_id"), table_name="processes")
    op.drop_table("processes")
    op.drop_table("organizations")
    op.drop_index(
        "ix_messages_to_send",
        table_name="messages",
        postgresql_where=sa.text("status IN ('waiting', 'sending')"),
    )
    op.drop_index("ix_messages_to_address", table_name="messages")
    op.drop_index(op.f("ix_messages_org_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_entity_id"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "ix_links_live",
        table_name="links",
        postgresql_where=sa.text("used_at IS NULL AND revoked_at IS NULL"),
    )
    op.drop_table("links")
    op.drop_table("form_answers")
    op.drop_table("censuses")
    op.drop_table("causes")
    op.drop_index(op.f("ix_audit_org_id"), table_name="audit")
    op.drop_index("ix_audit_object", table_name="audit")
    op.drop_index("ix_audit_cause_key", table_name="audit")
    op.drop_table("audit")
    op.drop_index("ix_attempts_subject", table_name="attempts")
    op.drop_index("ix_attempts_at", table_name="attempts")
    op.drop_index("ix_attempts_address", table_name="attempts")
    op.drop_table("attempts")
    op.drop_table("accounts")
    op.execute("DROP FUNCTION db_now(); DROP TABLE clock_shift;")
