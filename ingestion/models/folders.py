"""Folders that a library follows, and their files."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Document, Library
from ingestion.models.people import User


class Removed(models.TextChoices):
    """What is done with the document of a file that is no longer in its folder."""

    WITHDRAW = "withdraw", _("withdraw the document")
    DELETE = "delete", _("delete the document")
    KEEP = "keep", _("keep the document")


class WatchedFolder(models.Model):
    """A folder on the server that a library follows: new, changed, moved and removed files become its documents'."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="folders", verbose_name=_("library"))
    path = models.CharField(_("path"), max_length=1000)
    removed = models.CharField(
        _("when a file is removed"), max_length=10, choices=Removed.choices, default=Removed.WITHDRAW
    )
    watched = models.BooleanField(_("looked at regularly"), default=False)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    looking_since = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("followed folder")
        verbose_name_plural = _("followed folders")
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["library", "path"], name="folder_once")
        ]

    def __str__(self) -> str:
        return self.path


class FolderFile(models.Model):
    """A file of a followed folder as it was last taken in, or why it was not. `document` is unset where it was not."""

    folder = models.ForeignKey(WatchedFolder, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=1000)
    size = models.BigIntegerField(default=0)
    modified = models.BigIntegerField(default=0, help_text="Nanoseconds since 1970.")
    sha256 = models.CharField(max_length=64, blank=True)
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="files")
    gone = models.BooleanField(default=False)
    state_before = models.CharField(max_length=10, blank=True, help_text="The document's, where it was withdrawn.")
    error_code = models.CharField(max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["path"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["folder", "path"], name="folder_file_once")
        ]

    def __str__(self) -> str:
        return self.path
