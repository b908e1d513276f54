"""What must have come of every point of a kill run: it fired, the process was seen dead, and its act was answered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, text

from tests.faults.journal import Journal
from tests.faults.judge import REPEATED_BY_DAY, TWICE
from tests.faults.kill_accounts import SILENT
from tests.faults.kill_inheritance import ended_workers
from tests.faults.kill_people import OWNER
from tests.faults.kill_switch import KILLED, Death, Fault, Switch

RESTLESS_TWICE = {
    says: statement
    for says, statement in TWICE.items()
    if says not in ("a mail went out twice", "an address began twice", "a task was taken by two")
}
"""What may exist once only, also where people ask again and give tasks back; mails are counted one by one."""
MAILS = "SELECT template, to_address, count(*) FROM messages WHERE template <> ALL(:repeated) GROUP BY 1, 2"
MORE_THAN_ONE = {
    ("confirm_enrollment", "late@ap.example.org"): 2,
    ("enrollment_submitted", "admin@de.example.org"): 2,
    ("join_location", "two@ap.example.org"): 2,
    ("password_changed", OWNER): 2,
    ("second_factor_added", OWNER): 2,
    ("sign_section", "eva.stone@ap.example.org"): 2,
    ("sign_section", "helen.grady@ap.example.org"): 3,
    ("sign_section", "helen.grady@de.example.org"): 2,
    ("sign_section", "helen.grady@wi.example.org"): 2,
    ("sign_section", "walter.amos@de.example.org"): 2,
}
"""How many mails of a kind the stories ask for, where it is not one."""
OVERTAKEN = ("sign_section", "helen.grady@wi.example.org")
"""The last of them is not sent where the application was withdrawn before."""
UNCOUNTED = [*REPEATED_BY_DAY, "recovery_code_used"]
"""Whoever loses the answer to a recovery code takes the next one."""
EFFECTS_OF_ONE_CAUSE = """
SELECT cause_key, action, object_id, count(*) FROM inv.audit
 WHERE cause_key IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1
"""


def check_points(switch: Switch, journal: Journal, wanted: list[Fault]) -> list[str]:
    """Every point that did not fire, every death that nobody saw, every act that was not answered afterwards."""
    deaths = switch.deaths()
    fired = Counter(death.fault for death in deaths)
    silent = [f"never fired: {fault}" for fault in wanted if not fired[str(fault)]]
    again = [f"fired {count} times: {fault}" for fault, count in fired.items() if count > 1]
    seen = seen_deaths(switch.home)
    unseen = [f"not seen to end with {KILLED}: {death.fault}, {death.pid}" for death in deaths if death.pid not in seen]
    return [*silent, *again, *unseen, *filter(None, (_unanswered(journal, death) for death in deaths))]


def seen_deaths(home: Path) -> set[int]:
    """The processes that ended with 137, as those say who waited for them: the web's master, the worker's nursery."""
    log = home / "log" / "web.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    of_web = {line.partition("pid:")[2].partition(")")[0] for line in lines if f"exited with code {KILLED}" in line}
    return {pid for pid, status in ended_workers(home).items() if status == KILLED} | {int(pid) for pid in of_web}


def effects_twice(engine: Engine) -> list[str]:
    """Whatever was done more than once for one cause."""
    with engine.connect() as connection:
        rows = connection.execute(text(EFFECTS_OF_ONE_CAUSE)).all()
    return [f"done {row.count} times for one cause: {row.action} of {row.object_id} ({row.cause_key})" for row in rows]


def mails_miscounted(engine: Engine) -> list[str]:
    """Every kind of mail of which somebody got more or fewer than the stories ask for."""
    with engine.connect() as connection:
        rows = connection.execute(text(MAILS), {"repeated": UNCOUNTED}).all()
    sent = dict.fromkeys(MORE_THAN_ONE, 0) | {(row.template, row.to_address): row.count for row in rows}
    wanted = {mail: MORE_THAN_ONE.get(mail, 1) for mail in sent}
    return [
        f"{count} mails in place of {wanted[mail]}: {', '.join(mail)}"
        for mail, count in sorted(sent.items())
        if count != wanted[mail] and (mail, count) != (OVERTAKEN, 1)
    ]


def _unanswered(journal: Journal, death: Death) -> str | None:
    """The act at which the web died: the client must have sent it again under its key, and got its answer."""
    if not is_post(death.fault):
        return None
    act = journal.acts.get(death.act)
    if act is None:
        return f"{death.fault} fired at an act that no client knows: {death.act!r}"
    answered = act.result == "ok" or (act.result == "fail" and act.name == SILENT)
    if not answered or act.tries < 2:
        return f"{death.fault}: {act.name} of {act.client} was tried {act.tries} times, and then: {act.result}"
    return None


def is_post(fault: str) -> bool:
    """Whether a point is one of a POST: those are named `<blueprint>.<endpoint>.<point>`."""
    return fault.partition("@")[0].count(".") == 2
