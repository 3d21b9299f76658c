"""What is searched: chunks, their vectors, and what those were made with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ingestion.models.documents import Page, Revision


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
    """One embedding model and recipe that vectors were made with. One build is active: searches use it.

    One may be wanted: it is being built beside the active one, and becomes it once it is whole. Others are kept.
    """

    model = models.CharField(max_length=100)
    dimension = models.PositiveIntegerField()
    recipe = models.CharField(max_length=64)
    active = models.BooleanField(_("searched"), default=True)
    wanted = models.BooleanField(_("being built"), default=False)
    chunks_done = models.PositiveIntegerField(_("chunks done"), default=0)
    chunks_total = models.PositiveIntegerField(_("chunks"), default=0)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    # Who builds it: whoever holds `worker` beats `heartbeat_at`.
    worker = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    searched_at = models.DateTimeField(_("searched since"), null=True, blank=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("index build")
        verbose_name_plural = _("index builds")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["model", "recipe"], name="build_once"),
            models.UniqueConstraint(fields=["active"], condition=Q(active=True), name="one_active_build"),
            models.UniqueConstraint(fields=["wanted"], condition=Q(wanted=True), name="one_wanted_build"),
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
