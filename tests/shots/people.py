"""Who walks through the demo: everybody it has an account for, and those who come without one or by a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.cli.demo.people import STAFF


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody with a role. `scenes` are the names of what he or she does besides following links."""

    role: str
    email: str = ""
    scenes: Sequence[str] = field(default=())


ADMINISTRATOR, COORDINATOR = "applicant: administrator", "applicant: coordinator"
NAMES = {"REV": "reviewer", "SUP": "supervisor", "ADM": "administrator of the program"}

VISITOR = Walker("visitor", scenes=("empty forms", "forgotten password", "dead links", "unknown page"))
BY_LINK = Walker("holder of a link", scenes=("mails", "invitation"))
APPLICANTS = (
    Walker(ADMINISTRATOR, "lucia@saludcatawba.example.org", scenes=("empty section",)),
    Walker(ADMINISTRATOR, "nora@capefear.example.org"),
    Walker(ADMINISTRATOR, "grace@piedmont.example.org"),
    Walker(ADMINISTRATOR, "hal@newriver.example.org", scenes=("second factor",)),
    Walker(ADMINISTRATOR, "ana@blueridge.example.org", scenes=("proof again",)),
    Walker(ADMINISTRATOR, "fred@tarriver.example.org"),
    Walker(ADMINISTRATOR, "hugo@triangle.example.org"),
    Walker(ADMINISTRATOR, "ira@quickshot.example.org"),
    Walker(ADMINISTRATOR, "june@harbor.example.org", scenes=("two organizations",)),
    Walker(COORDINATOR, "pearl@capefear.example.org"),
    Walker(COORDINATOR, "lena@triangle.example.org"),
)
STAFF_WALKERS = tuple(
    Walker(NAMES.get(member.role, member.role), member.email, scenes=("next task",)) for member in STAFF
)
