"""What a person may see of conversations: their own, and of each citation only what their Scope still covers."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from assistant.models import (
    Citation,
    Conversation,
    Feedback,
    Message,
    MessageState,
    Report,
    Resolution,
    Sentence,
    Verdict,
)
from ingestion.access import Scope, as_uuid
from ingestion.errors import NotFound, error_named
from ingestion.filters import EVERYTHING, Filter, filter_of
from ingestion.lifecycle import effective, warning
from ingestion.models import Chunk, Document, User
from ingestion.text import language_of, search_words

_LONGEST_ANSWER = timedelta(minutes=15)
_LONGEST_HEADING = 60
_SECTIONS_READ = 40
_DOCUMENTS_PER_EXAMPLE = 3
_NUMBERING = re.compile(r"^\s*(?:第?[\d.]+[章節]?[.．)]?\s*)+")
_EXAMPLE = {
    "ja": "「{title}」の「{heading}」について教えてください。",
    "en": 'What does "{title}" say about "{heading}"?',
}


@dataclass(frozen=True, slots=True)
class CitationView:
    """One proof. `withheld`: its document is gone or out of scope, so only the number is told.

    `boxes` are PDF points, origin top left. `superseded`: the document has a newer revision. `url` is the web page.
    `out_of_force`: where the document is not answered from any more, why, in words: “withdrawn since 3 May 2026”.
    """

    number: int
    id: UUID
    document: UUID | None
    title: str
    revision: int | None
    revision_id: UUID | None
    page: int | None
    quote: str
    boxes: tuple[tuple[float, float, float, float], ...]
    url: str
    superseded: bool
    withheld: bool
    out_of_force: str = ""


@dataclass(frozen=True, slots=True)
class ReportView:
    """What became of a person's own report. `resolution` is empty while it is open."""

    resolution: str
    note: str
    comment: str

    @property
    def done(self) -> str:
        """What an owner did, in words."""
        return str(Resolution(self.resolution).label) if self.resolution else ""


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence of an answer. `reasons` name the failed checks: [{"check": "literal", "missing": ["8,000 h"]}].

    `check` is one of citation, literal, negation, support. `text` holds no citation marks; `citations` are the numbers.
    `ordinal` is its place in the answer as it was written, from 0; `report` the person's own report of it.
    """

    text: str
    verdict: str
    reasons: tuple[dict[str, Any], ...]
    citations: tuple[int, ...]
    ordinal: int = 0
    report: ReportView | None = None

    @property
    def supported(self) -> bool:
        """Whether the documents prove it."""
        return self.verdict == Verdict.SUPPORTED


@dataclass(frozen=True, slots=True)
class NearestPage:
    """A page that came closest to a question that was not answered. `out_of_force` as of a citation."""

    document: UUID
    title: str
    page: int
    heading: str
    url: str
    out_of_force: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A question or an answer as a person sees it. `error` is {code, message, hint} where the answer failed.

    `attempt` of `attempts`: an answer made again stands beside the older ones. `helpful`: this person's feedback.
    `withheld`: how many sentences are not shown because nothing proves them. `report`: their own, of a refusal.
    `only`: which documents were searched.
    """

    id: UUID
    role: str
    question: UUID | None
    text: str
    state: str
    abstained: bool
    model: str
    timings: dict[str, int]
    error: dict[str, str] | None
    nearest: tuple[NearestPage, ...]
    sentences: tuple[SentenceView, ...]
    citations: tuple[CitationView, ...]
    helpful: bool | None
    comment: str
    attempt: int
    attempts: int
    created_at: datetime
    withheld: int = 0
    report: ReportView | None = None
    only: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation and its messages in order: each question followed by its newest answer."""

    conversation: Conversation
    messages: tuple[MessageView, ...]


def conversations_of(user: User, search: str = "") -> QuerySet[Conversation]:
    """The person's own conversations, newest first, whose title or messages hold every word of `search`."""
    found = Conversation.objects.filter(user=user)
    for word in search_words(search):
        found = found.filter(Q(title__icontains=word) | Q(messages__text__icontains=word))
    return found.distinct()


def conversation_of(user: User, conversation_id: object) -> Conversation:
    """The person's own conversation. Raises NotFound."""
    found = Conversation.objects.filter(user=user, id=as_uuid(conversation_id)).first()
    if found is None:
        raise NotFound
    return found


def transcript(user: User, scope: Scope, conversation_id: object) -> Transcript:
    """The person's own conversation with its messages. Raises NotFound."""
    conversation = conversation_of(user, conversation_id)
    messages = list(_messages(user).filter(conversation=conversation).order_by("created_at"))
    newest = {message.question_id: message for message in messages if message.role == "assistant"}
    views = _views(messages, user, scope)
    shown: list[MessageView] = []
    for message in messages:
        if message.role == "user":
            shown.append(views[message.id])
            if message.id in newest:
                shown.append(views[newest[message.id].id])
    return Transcript(conversation, tuple(shown))


def message_of(user: User, scope: Scope, message_id: object) -> MessageView:
    """One message of the person's own conversations. Raises NotFound."""
    found = _messages(user).filter(id=as_uuid(message_id)).first()
    if found is None:
        raise NotFound
    together = _messages(user).filter(question=found.question_id) if found.question_id else _messages(user).none()
    return _views([*together.order_by("created_at"), found], user, scope)[found.id]


def citation_of(user: User, scope: Scope, citation_id: object) -> CitationView:
    """A citation whose document the scope covers: in the person's own answers, or in what was reported to them.

    Raises NotFound.
    """
    reported = Q(sentences__reports__libraries__in=scope.owned)
    found = (
        Citation.objects.select_related("revision__document")
        .filter(Q(message__conversation__user=user) | reported, id=as_uuid(citation_id))
        .first()
    )
    view = citation_view(found, scope) if found else None
    if view is None or view.withheld:
        raise NotFound
    return view


def citation_view(citation: Citation, scope: Scope) -> CitationView:
    """The citation as this scope may see it: of a document it does not cover, the number only."""
    revision = citation.revision
    if revision is None or revision.document.library_id not in scope.readable:
        return CitationView(citation.number, citation.id, None, "", None, None, None, "", (), "", False, withheld=True)
    return CitationView(
        number=citation.number,
        id=citation.id,
        document=revision.document_id,
        title=citation.document_title,
        revision=revision.number,
        revision_id=revision.id,
        page=citation.page,
        quote=citation.quote,
        boxes=tuple((box[0], box[1], box[2], box[3]) for box in citation.boxes),
        url=reverse("citation", args=[citation.id]),
        superseded=revision.document.current_id not in {None, revision.id},
        withheld=False,
        out_of_force=warning(revision.document),
    )


def nearest_view(rows: Sequence[dict[str, Any]], scope: Scope) -> tuple[NearestPage, ...]:
    """Stored nearest pages (rows {document, title, page, heading}) of documents that the scope covers."""
    found = scope.documents().filter(id__in=[row["document"] for row in rows])
    readable = {str(document.pk): document for document in found}
    return tuple(
        NearestPage(
            document=as_uuid(row["document"]),
            title=row["title"],
            page=row["page"],
            heading=row["heading"],
            url=reverse("page", args=[row["document"], row["page"]]),
            out_of_force=warning(readable[row["document"]]),
        )
        for row in rows
        if row["document"] in readable
    )


def example_questions(scope: Scope, language: str, limit: int = 4) -> list[str]:
    """Questions to start with: one about a section of each document the person may read, own language first.

    Empty where there is nothing to ask about yet.
    """
    documents = (
        scope.documents()
        .filter(effective(), current__isnull=False)
        .order_by("-created_at")[: limit * _DOCUMENTS_PER_EXAMPLE]
    )
    sections = [(document.title, heading) for document in documents if (heading := _section_of(document))]
    sections.sort(key=lambda section: language_of("".join(section)) != language[:2])
    example = _EXAMPLE["ja" if language.startswith("ja") else "en"]
    return [example.format(title=title, heading=heading) for title, heading in sections[:limit]]


def _section_of(document: Document) -> str:
    """A heading from the middle of the document's first sections, without its number; empty where it has none."""
    chunks = Chunk.objects.filter(revision=document.current_id, heading__gt="").order_by("ordinal")
    last = (path.rsplit(" > ", 1)[-1] for path in chunks.values_list("heading", flat=True)[:_SECTIONS_READ])
    plain = (_NUMBERING.sub("", heading).strip() for heading in last)
    fitting = [
        heading for heading in plain if heading and len(heading) <= _LONGEST_HEADING and heading != document.title
    ]
    return fitting[len(fitting) // 2] if fitting else ""


def _messages(user: User) -> QuerySet[Message]:
    return Message.objects.filter(conversation__user=user)


def _views(messages: Sequence[Message], user: User, scope: Scope) -> dict[UUID, MessageView]:
    """Views of messages by id, in five queries however many there are."""
    ids = [message.id for message in messages]
    citations = defaultdict(list)
    for citation in Citation.objects.select_related("revision__document").filter(message__in=ids).order_by("number"):
        citations[citation.message_id].append(citation_view(citation, scope))
    reports = {
        (row.message_id, row.sentence_id): ReportView(row.resolution, row.note, row.comment)
        for row in Report.objects.filter(message__in=ids, user=user)
    }
    sentences, withheld = defaultdict(list), Counter[UUID]()
    for sentence in Sentence.objects.prefetch_related("citations").filter(message__in=ids).order_by("ordinal"):
        if sentence.withheld:
            withheld[sentence.message_id] += 1
        else:
            report = reports.get((sentence.message_id, sentence.pk))
            sentences[sentence.message_id].append(_sentence_view(sentence, report))
    feedback = {row.message_id: row for row in Feedback.objects.filter(message__in=ids, user=user)}
    attempts: dict[UUID | None, list[UUID]] = defaultdict(list)
    for message in messages:
        if message.id not in attempts[message.question_id]:
            attempts[message.question_id].append(message.id)
    return {
        message.id: _view(
            message,
            scope,
            sentences=tuple(sentences[message.id]),
            citations=tuple(citations[message.id]),
            given=feedback.get(message.id),
            among=attempts[message.question_id] if message.question_id else [message.id],
            withheld=withheld[message.id],
            report=reports.get((message.id, None)),
        )
        for message in messages
    }


def _view(
    message: Message,
    scope: Scope,
    *,
    sentences: tuple[SentenceView, ...],
    citations: tuple[CitationView, ...],
    given: Feedback | None,
    among: list[UUID],
    withheld: int,
    report: ReportView | None,
) -> MessageView:
    return MessageView(
        id=message.id,
        role=message.role,
        question=message.question_id,
        text=message.text,
        state=_state(message),
        abstained=message.abstained,
        model=message.model,
        timings=message.timings,
        error=_error(message.error_code),
        nearest=nearest_view(message.nearest, scope) if message.nearest else (),
        sentences=sentences,
        citations=citations,
        helpful=given.helpful if given else None,
        comment=given.comment if given else "",
        attempt=among.index(message.id) + 1,
        attempts=len(among),
        created_at=message.created_at,
        withheld=withheld,
        report=report,
        only=filter_of(message.narrowed),
    )


def _sentence_view(sentence: Sentence, report: ReportView | None) -> SentenceView:
    numbers = tuple(sorted(citation.number for citation in sentence.citations.all()))
    return SentenceView(sentence.text, sentence.verdict, tuple(sentence.reasons), numbers, sentence.ordinal, report)


def _state(message: Message) -> str:
    """An answer whose process died while it was written was stopped, even if nobody could write that down."""
    abandoned = message.state == MessageState.STREAMING and timezone.now() - message.created_at > _LONGEST_ANSWER
    return MessageState.STOPPED if abandoned else message.state


def _error(code: str) -> dict[str, str] | None:
    if not code:
        return None
    message, hint = error_named(code).texts()
    return {"code": code, "message": message, "hint": hint}
