"""What the accounts of state staff bring to the web app."""

from __future__ import annotations

from models.domain.core.permissions import Role
from webapp.accounts.views import blueprint
from webapp.core.capability import Place, WebCapability, holders
from webapp.core.text.lazy_text import lazy_text as _l

CAPABILITY = WebCapability(
    "accounts",
    blueprints=(blueprint,),
    menu=(Place("accounts.directory", _l("Accounts"), holders(Role.ADM)),),
    refusals={
        "own_grant": _l("You can't give yourself a role. Ask another administrator."),
        "own_account": _l("You can't do this to your own account. Ask another administrator."),
        "administrator_alone": _l(
            "An administrator can't have another role. Give the roles to two accounts, or end the other role first."
        ),
        "last_administrator": _l("This is the only active administrator. Invite another one first."),
        "not_invited": _l("This person already set a password. They can reset it on the sign-in page."),
        "not_staff": _l("This account isn't for state staff. Invite the person with a work email address."),
        "account_unknown": _l("This account isn't there anymore."),
        "role_scope": _l("This role can't be given there."),
    },
    events={"task.free": _l("Put the task back: its holder's account or role ended")},
)
