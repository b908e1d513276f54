"""What a signer signs: one text of the answers, the agreement's version, and its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from models.domain.core.violations import RuleViolation
from models.domain.enrollment.fields import fields_of
from models.domain.enrollment.lifecycle import SectionKind, SignerRole
from models.domain.records.names import holds_name
from models.domain.records.typed_text import clean_text

SIGNERS: Mapping[SectionKind, tuple[SignerRole, ...]] = {
    SectionKind.A: (SignerRole.CMO, SignerRole.CEO),
    SectionKind.B: (SignerRole.COORDINATOR,),
}
"""Who signs which section. One person may be both officers of a small practice, and then signs twice:
the agreement asks for the signature of each office, not of two persons."""


def signed_text(
    *, section: SectionKind, signer: SignerRole, answers: Mapping[str, str | int], version: str, reference: str
) -> dict[str, object]:
    """The text that a signer is shown and signs: the answers without the other signer's own fields."""
    shown = [field.name for field in fields_of(section) if field.owner in (None, signer)]
    return {
        "agreement": version,
        "enrollment": reference,
        "section": section.value,
        "signer": signer.value,
        "answers": {name: answers[name] for name in shown if name in answers},
    }


def text_hash(text: Mapping[str, object]) -> str:
    """The fingerprint of a signed text: SHA-256, in hex, of its JSON with sorted keys."""
    canonical = json.dumps(text, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def signer_name(signer: SignerRole, answers: Mapping[str, str | int]) -> str:
    """The signer's name as the answers give it."""
    parts = (answers.get(f"{signer.value}_{part}") for part in ("first_name", "middle_initial", "last_name"))
    return " ".join(str(part) for part in parts if part)


def check_typed_name(typed: str, name: str) -> str:
    """The name as typed in place of a signature; it must be the signer's own, as `holds_name` compares.

    First and last name are enough: a middle initial may be left out.
    """
    plain = clean_text(typed)
    if not plain:
        raise RuleViolation("missing_name", "Type your name to sign.", "typed_name")
    if len(plain) > 200:
        raise RuleViolation("too_long", "Use 200 characters or fewer.", "typed_name", max=200)
    if not holds_name(plain, name):
        raise RuleViolation("other_name", f"Type your name as it stands here: {name}.", "typed_name", name=name)
    return plain
