"""What a person proves themselves with beside the password: an authenticator app, keys, recovery codes."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models.people import User


class FactorKind(models.TextChoices):
    """What it is."""

    APP = "app", _("authenticator app")
    KEY = "key", _("passkey or security key")


class SecondFactor(models.Model):
    """One authenticator app (a shared secret, encrypted) or one key (a public key) of a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factors", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=3, choices=FactorKind)
    name = models.CharField(_("name"), max_length=100)
    secret = models.TextField(blank=True)
    credential = models.BinaryField(blank=True, default=b"")
    # Of a key's id: no key is two people's.
    digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  apps have none, and would collide
    # The time step of the last code, or how often the key signed: what is not above it was used before.
    counter = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        ordering: ClassVar[list[str]] = ["created_at"]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"


class RecoveryCode(models.Model):
    """A code that stands in for a lost factor, once. Only its SHA-256 is stored; a used one is gone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")

    def __str__(self) -> str:
        return str(self.user)
