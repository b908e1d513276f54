"""Giving and ending roles of state staff."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.domain.core.permissions import Permission
from models.store.core.act import Act
from models.store.identity.staff import end_seat, give_seat
from webapp.accounts.acts import account_or_404, act_page
from webapp.accounts.blueprint import blueprint
from webapp.accounts.forms import SeatForm, seat_choices
from webapp.accounts.labels import seat_of, seat_words, seats, staff_seats
from webapp.core.permissions import requires


@blueprint.route("/<uuid:account_id>/roles/give", methods=["GET", "POST"])
@requires(Permission.STATE_ROLE_GRANT, fresh=True)
def give_role(account_id: UUID) -> ResponseReturnValue:
    """Give a role that the account does not have."""
    found, form = account_or_404(account_id), SeatForm()
    held = staff_seats(found.grants)
    form.seat.choices = seat_choices(seat for seat in seats() if seat not in held)

    def do(act: Act) -> str:
        seat = seat_of(str(form.seat.data))
        give_seat(act, account_id=account_id, seat=seat, because=str(form.reason.data))
        return given_words(found.name, seat_words(seat))

    return act_page(
        found,
        form,
        do,
        title=_("Give %(name)s a role", name=found.name),
        lead=_("It counts from the next page that the person opens."),
        button=_("Give this role"),
    )


@blueprint.route("/<uuid:account_id>/roles/end", methods=["GET", "POST"])
@requires(Permission.STATE_ROLE_GRANT, fresh=True)
def end_role(account_id: UUID) -> ResponseReturnValue:
    """End a role that the account has."""
    found, form = account_or_404(account_id), SeatForm()
    form.seat.choices = seat_choices(staff_seats(found.grants))

    def do(act: Act) -> str:
        seat = seat_of(str(form.seat.data))
        end_seat(act, account_id=account_id, seat=seat, because=str(form.reason.data))
        return ended_words(found.name, seat_words(seat))

    return act_page(
        found,
        form,
        do,
        title=_("End a role of %(name)s", name=found.name),
        lead=_("It ends at once. Tasks that the person took with it go back to the team."),
        button=_("End this role"),
    )


def given_words(name: str, role: str) -> str:
    """What happened, and from when on."""
    return _(
        "%(name)s now has this role: %(role)s. It counts from the next page that the person opens.",
        name=name,
        role=role,
    )


def ended_words(name: str, role: str) -> str:
    """What happened, and what became of the tasks."""
    return _(
        "%(name)s no longer has the role %(role)s. Tasks taken with it are back with the team.", name=name, role=role
    )
