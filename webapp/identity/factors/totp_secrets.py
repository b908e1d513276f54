"""Secrets of second factors: made, opened, and drawn as a QR code."""

from __future__ import annotations

import io

import pyotp
import segno

from models.crypto.sealing import vault
from models.domain.identity.second_factor import provisioning_uri


def new_secret() -> str:
    """A new random secret (160 bit), in base 32."""
    return pyotp.random_base32()


def open_secret(sealed: bytes) -> str:
    """The secret that was sealed for rest in the database."""
    return vault().open(sealed).decode()


def qr_code(*, secret: str, email: str) -> bytes:
    """The secret as a QR code for an authenticator app: an SVG without any style."""
    drawn = io.BytesIO()
    code = segno.make(provisioning_uri(secret=secret, email=email), error="m", micro=False)
    code.save(drawn, kind="svg", scale=5, border=4, light="#ffffff", svgclass=None, lineclass=None)
    return drawn.getvalue()
