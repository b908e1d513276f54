"""The two mailed links that lead into an enrollment: the administrator confirms, a coordinator joins."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.enrollment.kinds import LinkPurpose
from models.queries.enrollment.links import Invitation, Start, find_invitation, find_start
from models.queries.enrollment.similar import similar_to
from models.store.core.act import Act
from models.store.core.links import FoundLink
from models.store.enrollment.locations import join_location
from models.store.enrollment.signatures import resend_invitation
from models.store.enrollment.start import begin_enrollment, confirm_enrollment
from webapp.core.forms.form import Form, form_page
from webapp.core.links.page import About, LinkPage, SomeForm
from webapp.core.text.lazy_text import lazy_text as _l
from webapp.enrollment.forms import NewOrganizationForm, SeparateForm
from webapp.extensions import db
from webapp.identity.sessions.door import Door, Newcomer, door_form, door_of, enter


class EnrollmentLink(LinkPage[About, SomeForm]):
    """What the enrollment's links share."""

    kind: str
    brake = "enrollment.fresh_link"
    moved_on = _l("The application has changed since we sent this link.")

    def fresh_address(self, token: str) -> str:
        return url_for("enrollment.fresh_link", kind=self.kind, token=token)


class ConfirmLink(EnrollmentLink[Start, Form]):
    """The administrator confirms the wish to enroll, with an account."""

    kind, purpose, home = "confirm", LinkPurpose.CONFIRM_ENROLLMENT, "enrollment.home"

    def read(self, session: Session, link: FoundLink) -> Start | None:
        return find_start(session, link.subject_id)

    def form(self, link: FoundLink, about: Start) -> Form:
        return NewOrganizationForm() if door_of(about.email) is Door.NEW else SeparateForm()

    def show(self, link: FoundLink, about: Start, form: Form) -> ResponseReturnValue:
        alike = similar_to(db.session(), name=about.organization, email=about.email)
        shown = {"door": door_of(about.email).value, "alike": alike}
        return form_page("enrollment/entry/confirm.html", form, **shown)

    def do(self, act: Act, link: FoundLink, about: Start, form: Form, token: str) -> str:
        newcomer = Newcomer(about.email, about.name, about.language, about.organization)
        account_id = enter(act, form, newcomer)
        separate = bool(form["separate"].data)
        enrollment_id = confirm_enrollment(act, start_id=about.start_id, account_id=account_id, separate=separate)
        return url_for("enrollment.application", enrollment_id=enrollment_id)

    def renewable(self, link: FoundLink, about: Start) -> bool:
        return about.enrollment_id is None

    def send(self, act: Act, link: FoundLink, about: Start) -> None:
        begin_enrollment(
            act, organization_name=about.organization, name=about.name, email=about.email, language=about.language
        )


class JoinLink(EnrollmentLink[Invitation, Form]):
    """A coordinator accepts the invitation, with an account, and goes on to section B."""

    kind, purpose, home = "join", LinkPurpose.JOIN_LOCATION, "enrollment.home"

    def read(self, session: Session, link: FoundLink) -> Invitation | None:
        return find_invitation(session, link.subject_id)

    def form(self, link: FoundLink, about: Invitation) -> Form:
        return door_form(door_of(link.address))

    def show(self, link: FoundLink, about: Invitation, form: Form) -> ResponseReturnValue:
        return form_page("enrollment/entry/join.html", form, door=door_of(link.address).value, invitation=about)

    def do(self, act: Act, link: FoundLink, about: Invitation, form: Form, token: str) -> str:
        newcomer = Newcomer(link.address, about.coordinator_name, about.language, about.organization)
        account_id = enter(act, form, newcomer)
        join_location(act, section_id=about.section_id, account_id=account_id)
        return url_for("enrollment.application", enrollment_id=about.enrollment_id)

    def renewable(self, link: FoundLink, about: Invitation) -> bool:
        return about.waiting and about.email == link.address

    def send(self, act: Act, link: FoundLink, about: Invitation) -> None:
        resend_invitation(act, section_id=link.subject_id)


CONFIRM, JOIN = ConfirmLink(), JoinLink()
