"""Files on their way: sent in pieces, by people whose connection may break."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Document, Library
from ingestion.models.people import User


class PartialUpload(models.Model):
    """A file that is sent in pieces, and at the end what became of it. How much has arrived, its part on disk says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("user"))
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+", verbose_name=_("library"))
    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("document"),
        help_text="Of which it becomes a revision.",
    )
    filename = models.CharField(_("file name"), max_length=400)
    path = models.CharField(max_length=1000, blank=True, help_text="Where it lay: its folders become tags.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="What the sender says it must be.")
    size = models.BigIntegerField(_("size in bytes"))
    outcome = models.JSONField(null=True, help_text="What the ordinary upload would have answered: status and body.")
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("upload in pieces")
        verbose_name_plural = _("uploads in pieces")

    def __str__(self) -> str:
        return self.filename
