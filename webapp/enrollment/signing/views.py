"""Signing by link: the exact text, the name typed in place of a signature, the receipt (E4)."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.actors import link_holder
from models.domain.core.links import LinkPurpose
from models.domain.core.permissions import Permission
from models.domain.enrollment.fields import SECTIONS
from models.queries.core.reference import agreement
from models.queries.enrollment.links import TextToSign, find_text_to_sign
from models.store.core.act import Act
from models.store.core.links import FoundLink, find_link, use_link
from models.store.enrollment.signatures import sign_section
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.text.language import current_language
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.entry.link_pages import GONE, dead_link, unknown_link, usable
from webapp.enrollment.forms import SignForm
from webapp.enrollment.labels import SIGNERS
from webapp.extensions import db
from webapp.records.summary import answer_groups


@blueprint.route("/enrollment/sign/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_SIGN_SECTION)
def sign(token: str) -> ResponseReturnValue:
    """Read the text and sign it; needs no account. Opening the page changes nothing."""
    link = find_link(db.session(), token, LinkPurpose.SIGN_SECTION)
    text = find_text_to_sign(db.session(), link.subject_id) if link else None
    if link is None or text is None:
        return unknown_link()
    form = SignForm()
    answer = _sign(form, token, text) if form.validate_on_submit() else None
    return answer or sign_page(form, token, link, find_text_to_sign(db.session(), text.signature_id) or text)


def _sign(form: SignForm, token: str, text: TextToSign) -> Response | None:
    def do(act: Act) -> str:
        link = use_link(act.session, token=token, purpose=LinkPurpose.SIGN_SECTION)
        sign_section(
            act.by_actor(link_holder(link.link_id)),
            signature_id=text.signature_id,
            text_hash=str(form.text_hash.data),
            typed_name=str(form.typed_name.data),
        )
        return url_for("enrollment.sign", token=token)

    return submit_form(form, do)


def sign_page(form: SignForm, token: str, link: FoundLink, text: TextToSign) -> ResponseReturnValue:
    """The text to sign, the receipt, or what became of the link."""
    if text.signed_at is not None and not text.superseded:
        return render_template("enrollment/signing/signed.html", text=text, signer=SIGNERS[text.role])
    if text.superseded:
        return render_template("enrollment/signing/sign_superseded.html"), GONE
    if not usable(link) or not text.open:
        return dead_link("sign", token, link, renewable=text.open)
    form.text_hash.data = text.text_hash
    return form_page(
        "enrollment/signing/sign.html",
        form,
        text=text,
        signer=SIGNERS[text.role],
        agreement=agreement(current_language(), text.version),
        groups=answer_groups(SECTIONS[text.section], text.answers, only_given=True),
    )
