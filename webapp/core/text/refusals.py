"""What a refused rule says to a person: its code, translated; its own plain English where no words stand here."""

from __future__ import annotations

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from models.domain.core.violations import RuleViolation

RULE_MESSAGES: dict[str, LazyString] = {
    # typed values
    "missing": _l("Enter: %(label)s"),
    "missing_name": _l("Type your name to sign."),
    "other_name": _l("Type your name as it stands here: %(name)s"),
    "too_long": _l("Use %(max)s characters or fewer."),
    "wrong_type": _l("This value does not fit here."),
    "bad_characters": _l("Remove the characters that cannot be shown."),
    "no_letters": _l("Enter letters or digits."),
    "bad_initial": _l("Enter one letter."),
    "bad_email": _l("Enter an e-mail address, such as name@example.org"),
    "email_invalid": _l("Enter an e-mail address, such as name@example.org"),
    "bad_phone": _l("Enter a phone number, such as 919 555 0123"),
    "phone_extension": _l("Leave out the extension."),
    "bad_zip": _l("Enter a ZIP code with 5 or 9 digits."),
    "bad_license": _l("Enter the license number as it stands on the license."),
    "not_a_number": _l("Enter a whole number in digits."),
    "out_of_range": _l("Enter a number from %(low)s to %(high)s."),
    "unknown_choice": _l("Choose one from the list."),
    "county_not_in_state": _l("Enter one of the counties of North Carolina."),
    "zip_not_in_state": _l("This ZIP code is not in North Carolina."),
    "no_capacity": _l("At least one of the three must be more than 0. A location must be able to store vaccine."),
    "location_count": _l("You listed this many locations: %(listed)s. The number must be the same."),
    "location_twice": _l("You have listed a location with this name already."),
    # accounts
    "email_taken": _l("There is already an account with this address."),
    "password_too_short": _l("Use %(least)s characters or more."),
    "password_too_long": _l("Use %(most)s characters or fewer."),
    "password_repeats": _l("Do not use one part again and again."),
    "password_common": _l("Many people use this password. Choose another one."),
    "password_context": _l("Do not build it from your name or the program's name."),
    "account_disabled": _l("This account is closed."),
    "account_unknown": _l("There is no such account."),
    "administrator_alone": _l("An administrator of the system has no other role."),
    "own_grant": _l("You cannot give yourself a role."),
    "role_scope": _l("This role cannot be given there."),
    "second_factor_missing": _l("Set up a second step first."),
    "passkeys_enough": _l("You have 10 passkeys. Remove one first."),
    "passkey_refused": _l("The passkey could not be connected. Try again."),
    "passkey_known": _l("This passkey is connected already."),
    "second_factor_exists": _l("This account already has a second step."),
    # what can be done, and when
    "wrong_state": _l("This cannot be done now, because the enrollment has moved on."),
    "wrong_section_state": _l("This cannot be done now, because the section has moved on."),
    "stale_version": _l("Somebody changed this while you were looking at it."),
    "location_removed": _l("This location was removed from the enrollment."),
    "already_signed": _l("This is signed already."),
    "signature_superseded": _l("The answers were changed. The new text was sent to be signed."),
    "other_text": _l("The text has changed. Read it again before you sign."),
    "other_account": _l("Sign in with the account of the address that we wrote to."),
    "not_all_signed": _l("Not everything is signed yet."),
    "too_many_mails": _l("We have sent several e-mails to this address. Look in the mailbox, or try again in an hour."),
    "sent_just_now": _l("We sent a link just now. Wait %(minutes)s minutes before you ask for another one."),
    "no_location": _l("List at least one location."),
    "too_many_locations": _l("An enrollment can cover %(max)s locations at most."),
    "already_decided": _l("The enrollment was decided a moment ago."),
    "other_fields": _l("Only the fields of this signer can be changed here."),
    # tasks of state staff
    "task_unknown": _l("This task is not there any more."),
    "task_held": _l("%(name)s took this task."),
    "task_over": _l("This task is already done."),
    "second_person": _l("The first and the second decision must come from two different people."),
    "own_organization": _l("Nobody decides about an organization where he or she has a role."),
    "not_a_reviewer": _l("Choose somebody of the review team."),
    "unknown_outcome": _l("Choose one of the decisions."),
    "notes_missing": _l("Say for at least one field what has to be corrected."),
    "reason_missing": _l("Say why."),
    # the system
    "message_sent": _l("This message was handed over a moment ago."),
    "message_link_lost": _l("The link in this message is gone. Send a fresh one."),
    "key_reused": _l("This form was sent before with other answers."),
    "process_finished": _l("This is finished already, so nothing can be changed."),
    "nothing_to_ring": _l("This process has heard everything meanwhile."),
    **dict.fromkeys(
        ("enrollment_unknown", "section_unknown", "signature_unknown", "start_unknown", "unknown_field"),
        _l("What this is about is not there any more."),
    ),
    "link_unknown": _l("This link is not valid."),
    "link_used": _l("This link was used already."),
    "link_revoked": _l("This link was replaced by a newer one."),
    "link_expired": _l("This link is too old."),
}


def say(violation: RuleViolation) -> str:
    """The sentence for one violation in the reader's language; the name of a field in it is translated too."""
    words = RULE_MESSAGES.get(violation.code)
    if words is None:
        return violation.message
    return str(words) % {name: gettext(value) if name == "label" else value for name, value in violation.values.items()}
