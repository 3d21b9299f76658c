"""Attempts to take a revision in."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Revision, Status
from ingestion.models.people import User


class IngestionRun(models.Model):
    """One attempt to take a revision in: who asked, how far it is, how it ended. One active run per revision."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="runs", verbose_name=_("revision"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.QUEUED, db_index=True)
    pages_done = models.PositiveIntegerField(_("pages done"), default=0)
    chunks_done = models.PositiveIntegerField(_("chunks done"), default=0)
    chunks_total = models.PositiveIntegerField(_("chunks"), default=0)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    pages = models.JSONField(default=list, blank=True, help_text="Unread pages to read again; empty: all of them.")
    cancel_requested = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # The lease: whoever holds `worker` beats `heartbeat_at`; a silent holder may be replaced.
    worker = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(_("queued at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ingestion run")
        verbose_name_plural = _("ingestion runs")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["revision"], condition=Q(finished_at__isnull=True), name="one_active_run_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.status}"
