"""Libraries, documents, their revisions and pages."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models.people import User


class Library(models.Model):
    """Documents with the same readers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    readers = models.ManyToManyField(
        Group, verbose_name=_("groups that may read"), blank=True, related_name="readable_libraries"
    )
    owners = models.ManyToManyField(
        User, verbose_name=_("owners, who may upload"), blank=True, related_name="owned_libraries"
    )
    proved_only = models.BooleanField(
        _("sentences that are not proved"),
        null=True,
        blank=True,
        choices=[
            (None, _("follow the answer model: small ones do not show them")),
            (True, _("never show them")),
            (False, _("show them, marked “not proved”")),
        ],
        help_text=_("A question to several libraries follows the strictest of them."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    worked_at = models.DateTimeField(null=True, editable=False, help_text="When a worker last began one of its runs.")

    class Meta:
        verbose_name = _("library")
        verbose_name_plural = _("libraries")
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word of one library that its documents are found by. `key` is what it is compared by: see ingestion.tags."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="tags", verbose_name=_("library"))
    name = models.CharField(_("name"), max_length=255)
    key = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["library", "key"], name="tag_once")
        ]

    def __str__(self) -> str:
        return self.name


class DocumentLanguage(models.TextChoices):
    """What an owner may say a document is written in. The values are the API's."""

    JA = "ja", _("Japanese")
    EN = "en", _("English")


class DocumentState(models.TextChoices):
    """What an owner says of a document. The values are the API's."""

    DRAFT = "draft", _("draft")
    EFFECTIVE = "effective", _("effective")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Document(models.Model):
    """One document through all its revisions. `current` is the revision that is answered from, while it is effective.

    Whether it is effective today is asked of ingestion.lifecycle; `effective_until` is its last day. `language` is
    what its owners say; where it is empty, what its revision was found to be in counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="documents", verbose_name=_("library"))
    title = models.CharField(_("title"), max_length=400)
    current = models.ForeignKey(
        "Revision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current revision"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=DocumentState.choices, default=DocumentState.EFFECTIVE, db_index=True
    )
    effective_from = models.DateField(_("effective from"), null=True, blank=True)
    effective_until = models.DateField(_("effective until"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn since"), null=True, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="documents")
    responsible = models.CharField(_("responsible person"), max_length=200, blank=True)
    department = models.CharField(_("department"), max_length=200, blank=True)
    product = models.CharField(_("product"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=DocumentLanguage.choices, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering: ClassVar[list[str]] = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class Status(models.TextChoices):
    """Where a revision stands. The values are the API's."""

    QUEUED = "queued", _("queued")
    PARSING = "parsing", _("reading pages")
    EMBEDDING = "embedding", _("computing vectors")
    INDEXING = "indexing", _("indexing")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ACTIVE = (Status.QUEUED, Status.PARSING, Status.EMBEDDING, Status.INDEXING)


class Revision(models.Model):
    """One uploaded file of a document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("document")
    )
    number = models.PositiveIntegerField(_("number"))
    sha256 = models.CharField(max_length=64, db_index=True)
    filename = models.CharField(_("file name"), max_length=400)
    size = models.BigIntegerField(_("size in bytes"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.QUEUED, db_index=True)
    pages_total = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    recipe = models.CharField(max_length=64, blank=True, help_text="Recipe its chunks were cut by; empty before that.")
    layout = models.CharField(
        max_length=32, blank=True, help_text="How its pages were set; empty where they were read before this was kept."
    )
    pages_findable = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="While it is answered from and still being read: up to which page. Unset before and after that.",
    )
    languages = models.CharField(max_length=16, blank=True, help_text="Those its chunks are in, as in “en ja”.")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering: ClassVar[list[str]] = ["document", "-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.filename} (rev. {self.number})"

    @property
    def stored_name(self) -> str:
        """The file's path below MEDIA_ROOT: named by id, never by what the user called it."""
        return f"{self.id.hex[:2]}/{self.id.hex}"


class PageStatus(models.TextChoices):
    """The page ledger: pages in = indexed (some of them read by OCR) + empty + failed."""

    INDEXED = "indexed", _("indexed")
    EMPTY = "empty", _("no text")
    FAILED = "failed", _("failed")


# Good print is read with .9 and more by either engine.
UNSURE_BELOW = 0.8


class Page(models.Model):
    """One page (slide, sheet) of a revision: 1-based physical number, text, size in points, a box per word."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    width = models.FloatField(default=0)
    height = models.FloatField(default=0)
    ocr = models.BooleanField(default=False)
    confidence = models.FloatField(null=True, blank=True, help_text="Of OCR, from 0 to 1; unset for other text.")
    status = models.CharField(max_length=8, choices=PageStatus.choices, default=PageStatus.INDEXED)
    reason = models.CharField(max_length=40, blank=True, help_text="Code of the error that made the page unreadable.")
    # zlib-compressed JSON rows [start, end, x0, y0, x1, y1]; ingestion.selectors.page_words reads it.
    words = models.BinaryField(default=bytes)
    masking = models.CharField(
        max_length=32, blank=True, help_text="By which policy personal data in the text is masked."
    )
    unseen = models.TextField(blank=True, help_text="What the file says here but the page does not show: not searched.")
    headings = models.JSONField(default=list, help_text="Rows [start, level, text] of the headings on this page.")

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering: ClassVar[list[str]] = ["revision", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["revision", "number"], name="page_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.revision} p. {self.number}"

    @property
    def unsure(self) -> bool:
        """Whether OCR read it with low confidence: its text may say what the picture does not."""
        return self.ocr and self.confidence is not None and self.confidence < UNSURE_BELOW

    @property
    def percent(self) -> int:
        """The confidence of OCR as people read it."""
        return round(100 * (self.confidence or 0))
