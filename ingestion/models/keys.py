"""What lets people in: tokens of programs, sessions of browsers."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Library
from ingestion.models.people import User


class ApiToken(models.Model):
    """A key for the HTTP API. Only its SHA-256 is stored; the key is shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("It works until the end of this day; empty: no end.")
    )
    # Said apart from the list: when the last of its libraries is deleted, it must not become a token for all.
    scoped = models.BooleanField(_("for the chosen libraries only"), default=False)
    libraries = models.ManyToManyField(Library, verbose_name=_("libraries"), blank=True, related_name="+")
    # Not columns: who makes or withdraws it, and for which libraries, told to the audit log.
    by: User | None = None
    chosen: Sequence[Library] = ()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"

    @property
    def expired(self) -> bool:
        """Whether its last day is over, by the site's clock."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()


class UserSession(models.Model):
    """What is known of one signed-in browser. The session itself is Django's row of that key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=64, blank=True, help_text="Where its last request came from.")
    agent = models.CharField(max_length=300, blank=True, help_text="What the browser says of itself.")
    started_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering: ClassVar[list[str]] = ["-last_used_at"]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"
