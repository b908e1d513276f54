"""Who presses what in a kill run: each story with the POSTs that it reaches. A new POST needs its driver here."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from tests.faults.kill_accounts import (
    AccountOwner,
    begin_as_staff,
    set_passwords_by_link,
    use_account,
    use_second_factor,
)
from tests.faults.kill_admin import Administrator
from tests.faults.kill_applicants import RestlessApplication
from tests.faults.kill_browser import KillingWorld
from tests.faults.kill_people import BEGINNER, INVITED, INVITED_LATER, OWNER
from tests.faults.kill_signals import nobody_rings
from tests.faults.kill_staff import Staff

REVIEW, APPROVAL = "review_enrollment", "approve_enrollment"
ACCOUNT = "somebody uses every page of the own account"
STAFF_BEGINS = "state staff set up the second step that they must have"
APPROVED = "an application goes all the way to its approval"
ADMINISTERED = "an administrator invites somebody, and closes and reopens an account"
DENIED = "an application is returned, sent again and denied"
WITHDRAWN = "an application waits for a signer and is withdrawn"
POSTS = {
    ACCOUNT: {
        "identity.account",
        "identity.add_second_factor",
        "identity.change_password",
        "identity.accept_invitation",
        "identity.end_other_sessions",
        "identity.forgot_password",
        "identity.kept_recovery_codes",
        "identity.options_to_add",
        "identity.options_to_sign",
        "identity.own_keys",
        "identity.own_sessions",
        "identity.pass_by_key",
        "identity.recovery_code",
        "identity.recovery_codes",
        "identity.remove_key",
        "identity.remove_second_factor",
        "identity.replace_second_factor",
        "identity.reset_password",
        "identity.second_factor",
        "identity.set_up_second_factor",
        "identity.sign_in",
        "identity.sign_out",
        "identity.stay_signed_in",
        "identity.step_up",
        "language.keep_language",
    },
    STAFF_BEGINS: {"identity.begin_second_factor"},
    APPROVED: {
        "enrollment.add_location",
        "enrollment.change_location",
        "enrollment.complete",
        "enrollment.confirm",
        "enrollment.details",
        "enrollment.fresh_link",
        "enrollment.join",
        "enrollment.name_signer",
        "enrollment.remove_location",
        "enrollment.reopen",
        "enrollment.section",
        "enrollment.send_invitation",
        "enrollment.send_signature",
        "enrollment.sign",
        "enrollment.submit",
        "system.retry",
        "system.ring",
        "tasks.claim",
        "tasks.decide",
        "tasks.next",
        "tasks.release",
    },
    ADMINISTERED: {
        "accounts.close",
        "accounts.end_role",
        "accounts.give_role",
        "accounts.invite",
        "accounts.invite_again",
        "accounts.reopen",
        "accounts.second_step",
    },
    DENIED: {"enrollment.replies"},
    WITHDRAWN: {"enrollment.keep", "enrollment.withdraw"},
}
"""Which story reaches which POST; the run itself proves that each of their points fired."""
ACTIVITIES = {
    APPROVED: {
        "close_process",
        "enrollment_activate_provider",
        "enrollment_gather_application",
        "enrollment_look",
        "enrollment_request_approval",
        "enrollment_request_review",
    },
    DENIED: {"enrollment_deny", "enrollment_send_back", "read_news"},
    WITHDRAWN: {"enrollment_chase", "enrollment_clear_away"},
}
"""Which story needs which activity."""


def stories(world: KillingWorld, engine: Engine) -> list[tuple[str, Callable[[], None]]]:
    """The stories, which are told at the same time."""
    return [
        (ACCOUNT, lambda: live_with_an_account(world, engine)),
        (STAFF_BEGINS, lambda: begin_as_staff(AccountOwner(world, engine, BEGINNER))),
        (ADMINISTERED, lambda: Administrator(world, engine).use_accounts()),
        (APPROVED, lambda: be_approved(world, engine)),
        (DENIED, lambda: be_denied(world, engine)),
        (WITHDRAWN, lambda: give_up(world, engine)),
    ]


def live_with_an_account(world: KillingWorld, engine: Engine) -> None:
    owner = AccountOwner(world, engine, OWNER)
    use_account(owner)
    use_second_factor(owner)
    set_passwords_by_link(owner, AccountOwner(world, engine, INVITED))


def be_approved(world: KillingWorld, engine: Engine) -> None:
    application = RestlessApplication(world, "Clinic Approved", "ap", engine)
    application.let_links_end()
    application.tell()
    first, second = Staff(world, engine, 0), Staff(world, engine, 1)
    first.take_and_give_back(application.id, REVIEW)
    administrator = Staff(world, engine, 3)
    with nobody_rings(engine, application.id) as process_id:
        first.decide(application.id, REVIEW, "recommended")
        administrator.ring(process_id)
    administrator.try_again(INVITED_LATER)
    second.decide(application.id, APPROVAL, "approved")
    world.approved.append(application.id)


def be_denied(world: KillingWorld, engine: Engine) -> None:
    application = RestlessApplication(world, "Clinic Denied", "de", engine)
    application.tell_shortly()
    reviewer = Staff(world, engine, 1)
    reviewer.decide(application.id, REVIEW, "returned")
    application.send_again()
    reviewer.decide(application.id, REVIEW, "denied")


def give_up(world: KillingWorld, engine: Engine) -> None:
    application = RestlessApplication(world, "Clinic Withdrawn", "wi", engine)
    application.prepare_shortly()
    application.wait_for_kept_signer()
    application.withdraw()
