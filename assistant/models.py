"""The conversation's rows: what was asked, what was answered, and the pointer that proves each sentence."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ingestion.models import Library, Revision


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
    searched = models.JSONField(default=list, blank=True, help_text="Ids of the libraries that were searched.")
    narrowed = models.JSONField(default=dict, blank=True, help_text="The filter: which of their documents.")
    found_in = models.JSONField(
        null=True,
        blank=True,
        help_text="Ids of the libraries whose passages were found; null where nobody wrote it down.",
    )
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
    withheld = models.BooleanField(
        _("withheld"), default=False, help_text=_("It could not be proved and was not shown to whoever asked.")
    )

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


class Resolution(models.TextChoices):
    """What an owner did about a report. None of them yet: it is open."""

    CORRECTED = "corrected", _("the document was corrected")
    RIGHT = "right", _("the answer was right")
    OTHER = "other", _("something else")


class Report(models.Model):
    """A sentence that a reader says is wrong, or (no sentence) a refusal that should have been an answer.

    `libraries`: whose owners it is for. What each of them sees of it is decided by assistant.report_inbox.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reports", verbose_name=_("message"))
    sentence = models.ForeignKey(
        Sentence, on_delete=models.CASCADE, null=True, related_name="reports", verbose_name=_("sentence")
    )
    libraries = models.ManyToManyField(Library, related_name="+", verbose_name=_("libraries"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("reported by")
    )
    comment = models.TextField(_("comment"), blank=True)
    resolution = models.CharField(_("resolution"), max_length=10, choices=Resolution.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True)
    created_at = models.DateTimeField(_("reported at"), auto_now_add=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar[list[str]] = ["-created_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sentence", "user"], name="sentence_reported_once"),
            models.UniqueConstraint(
                fields=["message", "user"], condition=models.Q(sentence=None), name="refusal_reported_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def open(self) -> bool:
        """Whether it still waits for an owner."""
        return not self.resolution


class RunState(models.TextChoices):
    """How far an evaluation run is. Only a run that is not complete can be resumed."""

    RUNNING = "running", _("running")
    STOPPED = "stopped", _("stopped")
    COMPLETE = "complete", _("complete")


class EvaluationRun(models.Model):
    """One `manage.py evaluate`: what was asked of which library with which models and settings, and the figures."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    library = models.ForeignKey(
        Library, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("library")
    )
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.RUNNING)
    embedder = models.CharField(_("embedder"), max_length=100)
    model = models.CharField(_("model"), max_length=100, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    summary = models.JSONField(_("figures"), default=dict, blank=True)
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evaluation run")
        verbose_name_plural = _("evaluation runs")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}".strip()


class EvaluationResult(models.Model):
    """What became of one question in one run. `system` is what answered: the product, or the baseline beside it."""

    run = models.ForeignKey(
        EvaluationRun, on_delete=models.CASCADE, related_name="results", verbose_name=_("evaluation run")
    )
    system = models.CharField(_("system"), max_length=20, default="tenkyo")
    question_id = models.CharField(_("question id"), max_length=100)
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    question = models.TextField(_("question"))
    gold = models.JSONField(_("expected"), default=dict)
    outcome = models.JSONField(_("outcome"), default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evaluation result")
        verbose_name_plural = _("evaluation results")
        ordering: ClassVar[list[str]] = ["run", "system", "question_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "system", "question_id"], name="evaluated_once_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.question_id} ({self.system})"


class EvaluationQuestion(models.Model):
    """A question that users asked, kept for evaluation. It is run once it has a library and says what is expected."""

    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("library")
    )
    question = models.TextField(_("question"))
    kind = models.CharField(_("kind"), max_length=40, default="log")
    unanswerable = models.BooleanField(
        _("unanswerable"), default=False, help_text=_("The documents do not hold the answer: it must be refused.")
    )
    answer = models.TextField(_("right answer"), blank=True)
    expect = models.TextField(
        _("expected words"),
        blank=True,
        help_text=_("One line for each thing the answer must say; spellings that will do, separated by |."),
    )
    evidence = models.TextField(
        _("expected pages"),
        blank=True,
        help_text=_("One line for each page that is needed, as title:page; pages that will do, separated by |."),
    )
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evaluation question")
        verbose_name_plural = _("evaluation questions")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.question[:60]

    @property
    def ready(self) -> bool:
        """Whether it says where to ask and what is expected."""
        return self.library_id is not None and (self.unanswerable or bool(self.expect.strip() or self.evidence.strip()))


class DictionaryEntry(models.Model):
    """Words that mean the same in one library: a question with one of them is searched for the others there too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+", verbose_name=_("library"))
    note = models.TextField(_("note"), blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("dictionary entry")
        verbose_name_plural = _("dictionary entries")
        ordering: ClassVar[list[str]] = ["changed_at", "id"]

    def __str__(self) -> str:
        return " = ".join(self.words)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that mean the same, the one it is listed by first."""
        return tuple(word.text for word in self.spelt.all())


class DictionaryWord(models.Model):
    """One word of an entry. `key` is what it is looked for by: equal for spellings that find the same."""

    entry = models.ForeignKey(DictionaryEntry, on_delete=models.CASCADE, related_name="spelt")
    ordinal = models.PositiveIntegerField()
    text = models.CharField(_("word"), max_length=100)
    key = models.TextField()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering: ClassVar[list[str]] = ["entry_id", "ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "key"], name="word_once_per_entry")
        ]

    def __str__(self) -> str:
        return self.text
