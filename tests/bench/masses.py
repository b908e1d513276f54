"""Many rows in one transaction: tasks for the inbox, copies of one submitted enrollment, and what the years leave."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine, text

TASKS_OF_AN_ORGANIZATION = 20

TASKS = """
CREATE TEMP TABLE numbered ON COMMIT DROP AS
    SELECT n, md5('org' || n / :each)::uuid AS org, md5('process' || n)::uuid AS process,
        md5('entity' || n)::uuid AS entity
    FROM generate_series(cast(:first AS int), :last) AS n;
INSERT INTO organizations (id, name, status)
    SELECT DISTINCT org, 'Organization ' || n / :each, 'applicant' FROM numbered ON CONFLICT DO NOTHING;
INSERT INTO processes
    (id, kind, entity_type, entity_id, org_id, generation, open, told, rung, heard, waiting_for)
    SELECT process, 'ProviderEnrollment', 'enrollment', entity, org, 1, true, 1, 1, 1, 'person' FROM numbered;
INSERT INTO tasks
    (id, process_id, kind, entity_type, entity_id, subject_id, org_id, team, candidate_role, excluded, title_values,
     status, version, assignee_id, claimed_at, claim_ends_at, opened_at, due_at, opening_key)
    SELECT md5('task' || n)::uuid, process, 'review_enrollment', 'enrollment', entity, entity, org, 'enrollment', 'REV',
        '{}',
        jsonb_build_object('organization', 'Organization ' || n / :each, 'reference', 'ENR-' || n, 'locations', '3'),
        CASE WHEN n % 5 = 0 THEN 'claimed' ELSE 'open' END, 1,
        CASE WHEN n % 5 = 0 THEN cast(:holder AS uuid) END,
        CASE WHEN n % 5 = 0 THEN now() END,
        CASE WHEN n % 5 = 0 THEN now() + interval '8 hours' END,
        now() - interval '1 day', now() + (hashtext('due' || n) % 864000) * interval '2 seconds', 'bench/' || n
    FROM numbered;
"""

COPIES = """
CREATE TEMP TABLE copy_numbers ON COMMIT DROP AS SELECT generate_series(cast(:first AS int), :last) AS n;
INSERT INTO organizations (id, name, status)
    SELECT md5(o.id::text || '/' || n)::uuid, o.name || ' ' || n, o.status
    FROM organizations o JOIN enrollments e ON e.org_id = o.id CROSS JOIN copy_numbers WHERE e.id = :original;
INSERT INTO locations (id, org_id, name, status)
    SELECT md5(l.id::text || '/' || n)::uuid, md5(l.org_id::text || '/' || n)::uuid, l.name, l.status
    FROM locations l JOIN enrollments e ON e.org_id = l.org_id CROSS JOIN copy_numbers WHERE e.id = :original;
INSERT INTO enrollments (id, org_id, reference, state, submission, submitted_at, review_due_at, admin_account_id)
    SELECT md5(id::text || '/' || n)::uuid, md5(org_id::text || '/' || n)::uuid, 'ENR-' || n, state, submission,
        submitted_at, review_due_at, admin_account_id
    FROM enrollments CROSS JOIN copy_numbers WHERE id = :original;
INSERT INTO sections (id, enrollment_id, org_id, location_id, kind, state, answers, version, turn, chase,
        coordinator_name, coordinator_email, coordinator_language, coordinator_turn)
    SELECT md5(id::text || '/' || n)::uuid, md5(enrollment_id::text || '/' || n)::uuid,
        md5(org_id::text || '/' || n)::uuid, md5(location_id::text || '/' || n)::uuid, kind, state,
        answers, version, turn, chase, coordinator_name, coordinator_email, coordinator_language, coordinator_turn
    FROM sections CROSS JOIN copy_numbers WHERE enrollment_id = :original;
INSERT INTO signatures (id, section_id, enrollment_id, org_id, role, name, email, language, text_hash, text,
        signed_name, signed_at, chase)
    SELECT md5(id::text || '/' || n)::uuid, md5(section_id::text || '/' || n)::uuid,
        md5(enrollment_id::text || '/' || n)::uuid, md5(org_id::text || '/' || n)::uuid, role, name, email, language,
        text_hash, text, signed_name, signed_at, chase
    FROM signatures CROSS JOIN copy_numbers WHERE enrollment_id = :original;
INSERT INTO processes (id, kind, entity_type, entity_id, org_id, generation, open, told, rung, heard, waiting_for)
    SELECT md5(id::text || '/' || n)::uuid, kind, entity_type, md5(entity_id::text || '/' || n)::uuid,
        md5(org_id::text || '/' || n)::uuid, 1, true, 1, 0, 0, 'process'
    FROM processes CROSS JOIN copy_numbers WHERE entity_id = :original;
INSERT INTO news (process_id, number, kind, ids, cause_key)
    SELECT md5(id::text || '/' || n)::uuid, 1, 'started', '{}', 'bench/' || n
    FROM processes CROSS JOIN copy_numbers WHERE entity_id = :original;
"""

YEARS = """
CREATE TEMP TABLE past ON COMMIT DROP AS
    SELECT n, md5('past' || n)::uuid AS id FROM generate_series(1, cast(:rows AS int)) AS n;
INSERT INTO processes (id, kind, entity_type, entity_id, generation, open, told, rung, heard, waiting_for, finished_at)
    SELECT id, 'ProviderEnrollment', 'enrollment', id, 1, false, 1, 1, 1, 'nobody', now() FROM past;
INSERT INTO news (process_id, number, kind, ids, cause_key) SELECT id, 1, 'started', '{}', 'past/' || n FROM past;
INSERT INTO deadlines (id, process_id, entity_type, entity_id, kind, subject_id, due_at)
    SELECT id, id, 'enrollment', id, kind.name, id, now() + interval '1 year'
    FROM past CROSS JOIN (SELECT min(name) AS name FROM deadline_kinds) AS kind;
INSERT INTO form_answers (actor_id, route, key, request_hash, status_code, location, answered_at)
    SELECT id, '/tasks/<uuid:task_id>/decide', 'past/' || n, md5(id::text), 303, '', now() FROM past;
INSERT INTO messages
    (id, cause_key, template, to_address, entity_id, language, params, status, attempts, handed_over_at)
    SELECT id, 'past/' || n, 'enrollment_submitted', 'past' || n || '@example.org', id, 'en', '{}', 'sent', 1, now()
    FROM past;
INSERT INTO sessions (sid_hash, account_id, data, ends_at, ended_at)
    SELECT md5(past.id::text), account.id, '{}', now(), now()
    FROM past CROSS JOIN (SELECT id FROM accounts ORDER BY created_at LIMIT 1) AS account;
INSERT INTO audit (actor_kind, action, object_type, object_id, outcome, cause_key, detail)
    SELECT 'system', 'past', 'enrollment', id, 'done', 'past/' || n, '{}' FROM past;
INSERT INTO audit_seals (seq, chain, audit_id, prev_hash, hash)
    SELECT (SELECT coalesce(max(seq), 0) FROM audit_seals) + row_number() OVER (ORDER BY a.id), 'main', a.id,
        encode(sha256(a.id::text::bytea), 'hex'), encode(sha256(a.id::text::bytea), 'hex')
    FROM audit a LEFT JOIN audit_seals s ON s.audit_id = a.id WHERE s.seq IS NULL;
"""


def add_years(owner: Engine, *, rows: int) -> None:
    """What finished work leaves: as many processes that are over, each with a row of everything, and open deadlines."""
    _run(owner, YEARS, {"rows": rows})


def add_tasks(owner: Engine, *, first: int, last: int, holder: UUID) -> None:
    """Open review tasks, one of five in the hands of `holder`, due within 20 days before or after now."""
    values = {"first": first, "last": last, "holder": holder, "each": TASKS_OF_AN_ORGANIZATION}
    _run(owner, TASKS, values)


def copy_enrollment(owner: Engine, original: UUID, *, first: int, last: int) -> None:
    """Copies of a submitted enrollment, each with a process that has been told and not rung."""
    _run(owner, COPIES, {"original": original, "first": first, "last": last})


def _run(owner: Engine, script: str, values: dict[str, object]) -> None:
    statements = [part for part in script.split(";") if part.strip()]
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in statements:
            wanted = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
