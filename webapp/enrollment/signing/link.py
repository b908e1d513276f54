"""The mailed link to sign: the exact text, the name typed in place of a signature, the receipt (E4)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.fields import SECTIONS
from models.domain.enrollment.kinds import LinkPurpose
from models.queries.enrollment.links import TextToSign, find_texts_to_sign
from models.queries.enrollment.reference import agreement
from models.store.core.act import Act
from models.store.core.links import FoundLink
from models.store.enrollment.signatures import resend_signature_link, sign_together
from webapp.core.forms.form import form_page
from webapp.core.links.page import GONE
from webapp.core.text.language import current_language
from webapp.enrollment.entry.links import EnrollmentLink
from webapp.enrollment.forms import SignForm
from webapp.enrollment.labels import SIGNERS
from webapp.records.summary import answer_groups

APART = "."
"""What stands between the hashes of several texts in the form's hidden field."""
Texts = tuple[TextToSign, ...]
"""What one person is asked to sign together: one text for each office. The first one is the link's own."""


class SignLink(EnrollmentLink[Texts, SignForm]):
    """Read the texts and sign them; needs no account."""

    kind, purpose = "sign", LinkPurpose.SIGN_SECTION

    def read(self, session: Session, link: FoundLink) -> Texts | None:
        return find_texts_to_sign(session, link.subject_id) or None

    def form(self, link: FoundLink, about: Texts) -> SignForm:
        return SignForm()

    def after(self, link: FoundLink, about: Texts) -> ResponseReturnValue | None:
        """The receipt; or that the answers were changed since the link was sent."""
        if about[0].superseded:
            return render_template("enrollment/signing/sign_superseded.html"), GONE
        if about[0].signed_at is None:
            return None
        return render_template("enrollment/signing/signed.html", text=about[0], signers=_offices(about))

    def leads_on(self, about: Texts) -> bool:
        return about[0].open

    def show(self, link: FoundLink, about: Texts, form: SignForm) -> ResponseReturnValue:
        text = about[0]
        form.text_hash.data = APART.join(one.text_hash for one in about)
        answers = {name: value for one in about for name, value in one.answers.items()}
        return form_page(
            "enrollment/signing/sign.html",
            form,
            text=text,
            signers=_offices(about),
            agreement=agreement(current_language(), text.version),
            groups=answer_groups(SECTIONS[text.section], answers, only_given=True),
        )

    def do(self, act: Act, link: FoundLink, about: Texts, form: SignForm, token: str) -> str:
        shown = str(form.text_hash.data).split(APART)
        if len(shown) != len(about):
            raise RuleViolation("other_text", "The text has changed. Read it again before you sign.")
        texts = {text.signature_id: seen for text, seen in zip(about, shown, strict=True)}
        sign_together(act, texts=texts, typed_name=str(form.typed_name.data))
        return url_for("enrollment.sign", token=token)

    def renewable(self, link: FoundLink, about: Texts) -> bool:
        return about[0].open and about[0].signed_at is None

    def send(self, act: Act, link: FoundLink, about: Texts) -> None:
        resend_signature_link(act, signature_id=link.subject_id)


def _offices(texts: Texts) -> list[str]:
    return [SIGNERS[text.role] for text in texts]


SIGN = SignLink()
