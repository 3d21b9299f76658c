"""One-time codes of authenticator apps (RFC 6238): the secret, its picture, and which time step a code belongs to.

The secret must be readable here to compare codes, so it is kept encrypted: a copy of the database alone tells none.
"""

import base64
import hashlib
from time import time
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

log = structlog.get_logger(__name__)
STEP_SECONDS = 30
# A phone's clock may be off by a step, and a person slow by one.
_STEPS_AROUND = (0, -1, 1)
_ISSUER = "Tenkyo"


def new_secret() -> str:
    """A secret nobody has."""
    import pyotp

    return str(pyotp.random_base32())


def picture(secret: str, name: str) -> SafeString:
    """The secret as a QR code that apps read: an SVG element without styles of its own."""
    import pyotp
    import segno

    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)
    drawn = segno.make(address, error="m", micro=False)
    # Black on white in dark mode too: many cameras read no other. Nothing in it is text that somebody wrote.
    return mark_safe(drawn.svg_inline(scale=5, border=4, light="#fff", dark="#000", svgclass="qr"))  # noqa: S308


def step_of(code: str, secret: str) -> int | None:
    """The time step that the code belongs to, around now; None where it fits none."""
    import pyotp

    app, now = pyotp.TOTP(secret), int(time()) // STEP_SECONDS
    for around in _STEPS_AROUND:
        if pyotp.utils.strings_equal(code, app.generate_otp(now + around)):
            return now + around
    return None


def sealed(secret: str) -> str:
    """The secret as the database keeps it."""
    return _box().encrypt(secret.encode()).decode()


def unsealed(kept: str) -> str | None:
    """The secret again; None where it was sealed under another SECRET_KEY."""
    from cryptography.fernet import InvalidToken

    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        log.error("second_factor_unreadable", hint="SECRET_KEY is not the one it was set up under")  # noqa: TRY400
        return None


def _box() -> "Fernet":
    from cryptography.fernet import Fernet

    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"tenkyo.totp").digest()
    return Fernet(base64.urlsafe_b64encode(key))
