"""The mailed link to sign: the exact text, the name typed in place of a signature, the receipt (E4)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.kinds import LinkPurpose
from models.queries.enrollment.links import TextToSign, find_text_to_sign
from models.queries.enrollment.reference import agreement
from models.store.core.act import Act
from models.store.core.links import FoundLink
from models.store.enrollment.signatures import resend_signature_link, sign_section
from webapp.core.forms.form import form_page
from webapp.core.links.page import GONE
from webapp.core.text.language import current_language
from webapp.enrollment.entry.links import EnrollmentLink
from webapp.enrollment.forms import SignForm
from webapp.enrollment.labels import SIGNERS
from webapp.records.summary import answer_groups


class SignLink(EnrollmentLink[TextToSign, SignForm]):
    """Read the text and sign it; needs no account."""

    kind, purpose = "sign", LinkPurpose.SIGN_SECTION

    def read(self, session: Session, link: FoundLink) -> TextToSign | None:
        return find_text_to_sign(session, link.subject_id)

    def form(self, link: FoundLink, about: TextToSign) -> SignForm:
        return SignForm()

    def after(self, link: FoundLink, about: TextToSign) -> ResponseReturnValue | None:
        """The receipt; or that the answers were changed since the link was sent."""
        if about.superseded:
            return render_template("enrollment/signing/sign_superseded.html"), GONE
        if about.signed_at is None:
            return None
        return render_template("enrollment/signing/signed.html", text=about, signer=SIGNERS[about.role])

    def leads_on(self, about: TextToSign) -> bool:
        return about.open

    def show(self, link: FoundLink, about: TextToSign, form: SignForm) -> ResponseReturnValue:
        form.text_hash.data = about.text_hash
        return form_page(
            "enrollment/signing/sign.html",
            form,
            text=about,
            signer=SIGNERS[about.role],
            agreement=agreement(current_language(), about.version),
            groups=answer_groups(SECTIONS[about.section], about.answers, only_given=True),
        )

    def do(self, act: Act, link: FoundLink, about: TextToSign, form: SignForm, token: str) -> str:
        sign_section(
            act,
            signature_id=about.signature_id,
            text_hash=str(form.text_hash.data),
            typed_name=str(form.typed_name.data),
        )
        return url_for("enrollment.sign", token=token)

    def renewable(self, link: FoundLink, about: TextToSign) -> bool:
        return about.open and about.signed_at is None

    def send(self, act: Act, link: FoundLink, about: TextToSign) -> None:
        resend_signature_link(act, signature_id=link.subject_id)


SIGN = SignLink()
