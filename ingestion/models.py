"""The vault's rows. PostgreSQL (or SQLite) is the truth; the vector index is a projection of it."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person. The custom model exists from the first migration because it cannot be added later."""

    language = models.CharField(
        _("language"), max_length=5, blank=True, choices=[("ja", "日本語"), ("en", "English")], default=""
    )
    # Not a column: the API token this request came with. `scope_for` narrows by it, so every door does.
    token: "ApiToken | None" = None


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


class DocumentState(models.TextChoices):
    """What an owner says of a document. The values are the API's."""

    DRAFT = "draft", _("draft")
    EFFECTIVE = "effective", _("effective")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Document(models.Model):
    """One document through all its revisions. `current` is the revision that is answered from, while it is effective.

    Whether it is effective today is asked of ingestion.lifecycle; `effective_until` is its last day.
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


class Chunk(models.Model):
    """A stretch of one page: `text == page.text[start:end]`, always."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="chunks")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="chunks")
    ordinal = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    heading = models.TextField(blank=True, help_text="Heading path, outermost first, joined by ' > '.")
    context = models.TextField(blank=True, help_text="What is embedded before the text: title and heading path.")
    content_hash = models.CharField(
        max_length=64, db_index=True, help_text="SHA-256 of what is embedded: context line and text."
    )

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        ordering: ClassVar[list[str]] = ["revision", "ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["revision", "ordinal"], name="chunk_ordinal_once")
        ]

    def __str__(self) -> str:
        return f"{self.revision} #{self.ordinal}"


class IndexBuild(models.Model):
    """One embedding model and recipe that vectors were made with. One build is active: searches use it."""

    model = models.CharField(max_length=100)
    dimension = models.PositiveIntegerField()
    recipe = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("index build")
        verbose_name_plural = _("index builds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["model", "recipe"], name="build_once"),
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active_build"),
        ]

    def __str__(self) -> str:
        return f"{self.model} / {self.recipe}"


class ChunkVector(models.Model):
    """The vector of one content under one build, float32 little endian: computed once, the index's source."""

    build = models.ForeignKey(IndexBuild, on_delete=models.CASCADE, related_name="vectors")
    content_hash = models.CharField(max_length=64)
    vector = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["build", "content_hash"], name="vector_once")
        ]

    def __str__(self) -> str:
        return self.content_hash[:12]


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


class AuditEvent(models.Model):
    """Who did what to which object. Append-only; each row's hash covers the one before it."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "audit_event"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"
