"""Signing by link: the exact text, the name typed in place of a signature, the receipt (E4)."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from models.domain.core.actors import link_holder
from models.domain.core.links import LinkPurpose
from models.domain.core.permissions import Permission
from models.domain.core.violations import RuleViolation
from models.queries.core.reference import agreement
from models.queries.enrollment.links import TextToSign, find_texts_to_sign
from models.store.core.act import Act
from models.store.core.links import FoundLink, find_link, use_link
from models.store.enrollment.signatures import sign_together
from webapp.core.forms.form import form_page
from webapp.core.forms.submission import submit_form
from webapp.core.permissions import requires
from webapp.core.text.language import current_language
from webapp.enrollment.applicant.answers import answer_groups
from webapp.enrollment.blueprint import blueprint
from webapp.enrollment.entry.link_pages import GONE, dead_link, unknown_link, usable
from webapp.enrollment.forms import SignForm
from webapp.enrollment.labels import SIGNERS
from webapp.extensions import db

APART = "."
"""What stands between the hashes of several texts in the form's hidden field."""


@blueprint.route("/enrollment/sign/<string:token>", methods=["GET", "POST"])
@requires(Permission.ENROLLMENT_SIGN_SECTION)
def sign(token: str) -> ResponseReturnValue:
    """Read the text and sign it; needs no account. Opening the page changes nothing."""
    link = find_link(db.session(), token, LinkPurpose.SIGN_SECTION)
    texts = find_texts_to_sign(db.session(), link.subject_id) if link else ()
    if link is None or not texts:
        return unknown_link()
    form = SignForm()
    answer = _sign(form, token, texts) if form.validate_on_submit() else None
    return answer or sign_page(form, token, link, find_texts_to_sign(db.session(), link.subject_id) or texts)


def _sign(form: SignForm, token: str, texts: tuple[TextToSign, ...]) -> Response | None:
    def do(act: Act) -> str:
        link = use_link(act.session, token=token, purpose=LinkPurpose.SIGN_SECTION)
        shown = str(form.text_hash.data).split(APART)
        if len(shown) != len(texts):
            raise RuleViolation("other_text", "The text has changed. Read it again before you sign.")
        hashes = {text.signature_id: seen for text, seen in zip(texts, shown, strict=True)}
        by = link_holder(link.link_id)
        sign_together(act.by_actor(by), texts=hashes, typed_name=str(form.typed_name.data))
        return url_for("enrollment.sign", token=token)

    return submit_form(form, do)


def sign_page(form: SignForm, token: str, link: FoundLink, texts: tuple[TextToSign, ...]) -> ResponseReturnValue:
    """The texts to sign, the receipt, or what became of the link."""
    text, signers = texts[0], [SIGNERS[one.role] for one in texts]
    if text.signed_at is not None and not text.superseded:
        return render_template("enrollment/signing/signed.html", text=text, signers=signers)
    if text.superseded:
        return render_template("enrollment/signing/sign_superseded.html"), GONE
    if not usable(link) or not text.open:
        return dead_link("sign", token, link, renewable=text.open)
    form.text_hash.data = APART.join(one.text_hash for one in texts)
    return form_page(
        "enrollment/signing/sign.html",
        form,
        text=text,
        signers=signers,
        agreement=agreement(current_language(), text.version),
        groups=answer_groups(text.section, _answers(texts), only_given=True),
    )


def _answers(texts: tuple[TextToSign, ...]) -> dict[str, str | int]:
    """Everything that the texts say; where one says more, it is about the own office."""
    return {name: value for text in texts for name, value in text.answers.items()}
