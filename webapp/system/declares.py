"""What the system page brings to the web app."""

from __future__ import annotations

from models.domain.core.permissions import Role
from webapp.core.capability import Place, WebCapability, holders
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.system.views import blueprint

CAPABILITY = WebCapability(
    "system",
    blueprints=(blueprint,),
    menu=(Place("system.overview", _l("System"), holders(Role.ADM)),),
    homes=(Place("system.overview", _l("System"), holders(Role.ADM)),),
    refusals={
        "message_sent": _l("This message was just sent."),
        "message_link_lost": _l("The link in this message has ended. Send a new one."),
        "process_finished": _l("This is finished already, so nothing can be changed."),
        "nothing_to_ring": _l("This process has already processed everything."),
    },
)
