"""The conversation's rows: what was asked, what was answered, and the pointer that proves each sentence."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models import Revision


class Conversation(models.Model):
    """One person's questions and answers about one matter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    title = models.CharField(_("title"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering: ClassVar[list[str]] = ["-updated_at"]

    def __str__(self) -> str:
        return self.title or str(self.id)


class MessageState(models.TextChoices):
    """How an answer ended. A question is always complete."""

    STREAMING = "streaming", _("being written")
    COMPLETE = "complete", _("complete")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


class Message(models.Model):
    """A question (role user) or an answer (role assistant; `question` is what it answers)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    role = models.CharField(max_length=10, choices=[("user", _("question")), ("assistant", _("answer"))])
    question = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.COMPLETE)
    abstained = models.BooleanField(_("abstained"), default=False)
    model = models.CharField(_("model"), max_length=100, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True)
    timings = models.JSONField(default=dict, blank=True)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    nearest = models.JSONField(default=list, blank=True, help_text="Nearest pages, listed where the answer abstains.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar[list[str]] = ["created_at"]

    def __str__(self) -> str:
        return self.text[:60]


class Verdict(models.TextChoices):
    """Whether the documents prove a sentence."""

    SUPPORTED = "supported", _("supported")
    UNSUPPORTED = "unsupported", _("unsupported")


class Citation(models.Model):
    """A pointer to what proves a sentence: revision, page, span, boxes. The quote was copied by the server."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="citations")
    number = models.PositiveIntegerField()
    revision = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    document_title = models.CharField(max_length=400)
    page = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    boxes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering: ClassVar[list[str]] = ["message", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "number"], name="citation_number_once")
        ]

    def __str__(self) -> str:
        return f"[{self.number}] {self.document_title} p. {self.page}"


class Sentence(models.Model):
    """One sentence of an answer with its verdict and, where it is unsupported, why."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="sentences")
    ordinal = models.PositiveIntegerField()
    text = models.TextField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reasons = models.JSONField(
        default=list, help_text='Failed checks, e.g. [{"check": "literal", "missing": ["8,000 h"]}].'
    )
    citations = models.ManyToManyField(Citation, related_name="sentences", blank=True)

    class Meta:
        verbose_name = _("sentence")
        verbose_name_plural = _("sentences")
        ordering: ClassVar[list[str]] = ["message", "ordinal"]

    def __str__(self) -> str:
        return self.text[:60]


class Feedback(models.Model):
    """Thumbs up or down on an answer, with a comment."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    helpful = models.BooleanField(_("helpful"))
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "user"], name="one_feedback_per_person")
        ]

    def __str__(self) -> str:
        return "+" if self.helpful else "-"
