"""Django admin of the conversation: what was asked, what was answered and proved, and what people thought of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assistant import (
    admin_dictionary,  # noqa: F401 - Django looks for admin.py only
    admin_evaluation,  # noqa: F401
    admin_reports,  # noqa: F401
    services,
)
from assistant.admin_bases import Inline, Kept
from assistant.models import Citation, Conversation, Feedback, Message, Sentence, Verdict
from ingestion.models import User


class MessageInline(Inline):
    """A conversation's questions and answers."""

    model = Message
    fields = readonly_fields = ("created_at", "role", "text", "state", "abstained", "error_code")


class SentenceInline(Inline):
    """An answer's sentences with their verdicts."""

    model = Sentence
    fields = readonly_fields = ("ordinal", "text", "verdict", "withheld", "reasons")


class CitationInline(Inline):
    """An answer's proofs."""

    model = Citation
    fields = readonly_fields = ("number", "document_title", "page", "quote")


@admin.register(Conversation)
class ConversationAdmin(Kept):
    """People's conversations."""

    person_path = "user"
    list_display = ("title", "user", "messages_count", "created_at", "updated_at")
    list_filter = ("updated_at", ("user", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("title", "user__username", "messages__text")
    inlines = (MessageInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of messages."""
        return super().get_queryset(request).annotate(number_of_messages=Count("messages", distinct=True))

    @admin.display(description=_("messages"), ordering="number_of_messages")
    def messages_count(self, conversation: Conversation) -> int:
        """How many questions and answers."""
        return int(conversation.number_of_messages)  # type: ignore[attr-defined]


@admin.register(Message)
class MessageAdmin(Kept):
    """Questions and answers."""

    person_path = "conversation__user"
    list_display = ("created_at", "role", "short", "user", "state", "abstained", "proved", "model", "error_code")
    list_filter = ("role", "state", "abstained", "error_code", "model", "created_at")
    list_select_related = ("conversation__user",)
    search_fields = ("text", "conversation__user__username", "conversation__title")
    inlines = (SentenceInline, CitationInline)
    actions = ("add_to_evaluation",)

    def has_evaluate_permission(self, request: HttpRequest) -> bool:
        """Whoever may add evaluation questions."""
        return request.user.has_perm("assistant.add_evaluationquestion")

    @admin.action(description=_("Add to evaluation questions"), permissions=["evaluate"])
    def add_to_evaluation(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Their questions, once each; what is expected of them is filled in there."""
        assert isinstance(request.user, User)
        chosen = queryset.select_related("question")
        count = sum(services.evaluation_question_add(user=request.user, message=message) for message in chosen)
        said = ngettext("%(n)s evaluation question was added.", "%(n)s evaluation questions were added.", count)
        messages.info(request, said % {"n": count})

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the number of sentences, and of those proved."""
        proved = Count("sentences", filter=Q(sentences__verdict=Verdict.SUPPORTED))
        return super().get_queryset(request).annotate(number_of_sentences=Count("sentences"), number_proved=proved)

    @admin.display(description=_("text"))
    def short(self, message: Message) -> str:
        """How it begins."""
        return message.text[:80]

    @admin.display(description=_("user"), ordering="conversation__user__username")
    def user(self, message: Message) -> str:
        """Whose conversation it is."""
        return message.conversation.user.get_username()

    @admin.display(description=_("proved sentences"))
    def proved(self, message: Message) -> str:
        """How many of its sentences are proved."""
        total = int(message.number_of_sentences)  # type: ignore[attr-defined]
        return f"{message.number_proved} / {total}" if total else "–"  # type: ignore[attr-defined]


@admin.register(Feedback)
class FeedbackAdmin(Kept):
    """What people thought of answers."""

    person_path = "user"
    list_display = ("created_at", "user", "helpful", "comment", "question")
    list_filter = ("helpful", "created_at")
    list_select_related = ("user", "message__question")
    search_fields = ("comment", "user__username", "message__text", "message__question__text")

    @admin.display(description=_("question"))
    def question(self, feedback: Feedback) -> str:
        """What had been asked."""
        asked = feedback.message.question
        return asked.text[:80] if asked else ""
