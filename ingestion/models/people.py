"""People."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ingestion.models.keys import ApiToken


class User(AbstractUser):
    """A person. The custom model exists from the first migration because it cannot be added later."""

    language = models.CharField(
        _("language"), max_length=5, blank=True, choices=[("ja", "日本語"), ("en", "English")], default=""
    )
    # Random, new with each first factor, empty without one: sessions from before it end by that.
    factor_stamp = models.CharField(max_length=32, blank=True, default="", editable=False)
    # Not a column: the API token this request came with. `scope_for` narrows by it, so every door does.
    token: "ApiToken | None" = None

    @property
    def needs_factor(self) -> bool:
        """Whether the site's policy demands a second factor of this person."""
        if settings.SECOND_FACTOR == "administrators":
            return self.is_staff or self.is_superuser
        return bool(settings.SECOND_FACTOR == "everybody")

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must carry to hold. It changes with the password, as Django's does, and with the factor.

        So sessions that were signed in with less than is demanded now are over, with no question per request.
        """
        before = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # Django's own seam, untyped
        stamp = "" if settings.SECOND_FACTOR == "off" else self.factor_stamp
        if not stamp and not self.needs_factor:
            return str(before)
        said = f"{before}:{stamp}:{self.needs_factor}"
        return salted_hmac("tenkyo.second_factor", said, secret=secret, algorithm="sha256").hexdigest()
