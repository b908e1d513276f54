"""Beginning an enrollment: what it takes, who asks, and the mail that confirms it (E1)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.permissions import Permission
from models.domain.records.email_addresses import loose_email
from models.queries.core.program import setting
from models.store.core.act import Act
from models.store.core.clock import db_now
from models.store.enrollment.start import begin_enrollment
from models.store.identity.attempts import brake
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.requests.proxies import peer_address
from webapp.core.text.language import current_language
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.forms import BeginForm
from webapp.extensions import db

MAIL_ACTION = "enrollment.begin"


@blueprint.get("/enrollment/begin")
@requires(Permission.ENROLLMENT_BEGIN)
def begin() -> ResponseReturnValue:
    """What an enrollment takes, how long, and that it can be saved."""
    return render_template("enrollment/entry/begin.html", days=_days("enrollment_review_business_days"))


@blueprint.route("/enrollment/begin/details", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_BEGIN)
def details() -> ResponseReturnValue:
    """Organization, name and email; the answer is the same for every address."""
    form = BeginForm()

    def do(act: Act) -> str:
        subject = loose_email(form.answers["email"])
        if brake(act.session, action=MAIL_ACTION, subject=subject, address=peer_address()):
            begin_enrollment(act, **form.answers, language=current_language())
        return url_for("enrollment.mail_sent")

    answer = submit_form(form, do) if form.validate_on_submit() and form.check() else None
    return answer or form_page("enrollment/applicant/details.html", form)


@blueprint.get("/enrollment/begin/sent")
@requires(Permission.ENROLLMENT_BEGIN)
def mail_sent() -> ResponseReturnValue:
    """Look into your mailbox."""
    return render_template("enrollment/entry/mail_sent.html", days=_days("confirmation_link_days"))


def _days(name: str) -> int:
    """A number of days that officials may set, as it counts today."""
    session = db.session()
    return int(setting(session, name, db_now(session)))
