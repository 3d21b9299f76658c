"""The rows of one answer, written in short transactions while it streams: question first, proofs as they are told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from assistant.answering import Exchange
from assistant.marks import unmarked
from assistant.masking import Asked, without
from assistant.masking import asked as under_policies
from assistant.models import Citation, Conversation, Message, MessageState, Sentence, Verdict
from assistant.retrieval import Passage
from assistant.selectors import citation_view, conversation_of, nearest_view
from assistant.turn import CitationReady, Done, SentenceDone
from ingestion.access import Scope, as_uuid, scope_for
from ingestion.audit import record
from ingestion.errors import NotFound
from ingestion.filters import EVERYTHING, Filter
from ingestion.models import Document, Page, User
from ingestion.selectors import span_boxes

log = structlog.get_logger(__name__)
_TITLE_LENGTH = 60
_ENDED = {
    MessageState.COMPLETE: "question.answered",
    MessageState.STOPPED: "question.stopped",
    MessageState.FAILED: "question.failed",
}
_HISTORY = 4


@dataclass(frozen=True, slots=True)
class Begun:
    """A question kept and its answer begun. `draft` collects what the model writes, for an answer that is stopped.

    `text` is what is asked; of it, `hidden` is masked in everything that is kept.
    """

    conversation_id: UUID
    question_id: UUID
    message_id: UUID
    text: str
    history: tuple[Exchange, ...]
    only: Filter
    draft: list[str] = field(default_factory=list)
    hidden: tuple[str, ...] = ()

    def ids(self) -> dict[str, str]:
        """The ids as the events tell them."""
        return {
            "conversation": str(self.conversation_id),
            "message": str(self.message_id),
            "question": str(self.question_id),
        }


def begin(
    *,
    user: User,
    scope: Scope,
    text: str,
    conversation_id: object | None,
    regenerate: object | None,
    model: str,
    only: Filter = EVERYTHING,
) -> Begun:
    """Keep the question (or find the one to answer again) and begin its answer. Raises NotFound."""
    said = under_policies(text, scope)
    with transaction.atomic():
        if regenerate is not None:
            question = _question_again(user, regenerate)
            said = Asked(question.text, question.text)
        else:
            question = _asked(user, said.kept, conversation_id)
        answer = Message.objects.create(
            conversation=question.conversation,
            role="assistant",
            question=question,
            state=MessageState.STREAMING,
            model=model,
            searched=list(scope.access_keys),
            narrowed=only.said(),
            found_in=[],
        )
        question.conversation.save(update_fields=["updated_at"])
        subject = f"conversation:{question.conversation_id}"
        facts = {"libraries": len(scope.readable), **({"filter": only.said()} if only else {})}
        record("question.asked", actor=user, subject=subject, message=str(question.id), **facts)
    history = _history(question, scope_for(user))
    return Begun(question.conversation_id, question.id, answer.id, said.searched, history, only, hidden=said.hidden)


def keep_found(begun: Begun, passages: Sequence[Passage]) -> None:
    """Write down which libraries the passages are from: what the model writes may hold words of them."""
    found = Document.objects.filter(id__in={one.document_id for one in passages}).order_by("library_id")
    libraries = [str(key) for key in found.values_list("library_id", flat=True).distinct()]
    Message.objects.filter(id=begun.message_id).update(found_in=libraries)


def keep_citation(begun: Begun, event: CitationReady, scope: Scope) -> dict[str, Any]:
    """Write the citation, its quote copied from the page, and say it as the API does."""
    one = event.evidence
    page = Page.objects.select_related("revision").get(revision_id=one.revision_id, number=one.page)
    row = Citation.objects.create(
        message_id=begun.message_id,
        number=event.number,
        revision_id=one.revision_id,
        document_title=one.document_title,
        page=one.page,
        start=one.start,
        end=one.end,
        quote=page.text[one.start : one.end],
        boxes=[list(box) for box in span_boxes(page, one.start, one.end)],
    )
    return citation_row(row, scope)


def keep_sentence(begun: Begun, event: SentenceDone) -> None:
    """Write a sentence with its verdict and proofs."""
    row = Sentence.objects.create(
        message_id=begun.message_id,
        ordinal=event.index,
        text=without(event.text, begun.hidden),
        verdict=Verdict.SUPPORTED if event.supported else Verdict.UNSUPPORTED,
        reasons=list(event.reasons),
        withheld=event.withheld,
    )
    if event.citations:
        row.citations.add(*Citation.objects.filter(message_id=begun.message_id, number__in=event.citations))


def end(
    begun: Begun,
    state: MessageState,
    *,
    user: User,
    done: Done | None = None,
    prompt_hash: str = "",
    error_code: str = "",
) -> None:
    """Close the answer: complete with what `done` says, or stopped or failed with what had been written."""
    with transaction.atomic():
        if done is not None and done.abstained:
            # What the model wrote could not be proved: it is not the answer and is not kept as one.
            Sentence.objects.filter(message_id=begun.message_id, withheld=False).delete()
            Citation.objects.filter(message_id=begun.message_id).delete()
        changed = Message.objects.filter(id=begun.message_id).update(
            text=without(done.answer if done else "".join(begun.draft).strip(), begun.hidden),
            state=state,
            abstained=bool(done and done.abstained),
            nearest=[passage_row(one) for one in done.nearest] if done else [],
            timings=done.timings if done else {},
            prompt_hash=prompt_hash,
            error_code=error_code,
        )
        if changed:  # else the conversation was deleted while the model wrote
            sentences = Sentence.objects.filter(message_id=begun.message_id)
            verdicts = list(sentences.filter(withheld=False).values_list("verdict", flat=True))
            record(
                _ENDED[state],
                actor=user,
                subject=f"conversation:{begun.conversation_id}",
                message=str(begun.message_id),
                abstained=bool(done and done.abstained),
                supported=verdicts.count(Verdict.SUPPORTED),
                unsupported=verdicts.count(Verdict.UNSUPPORTED),
                withheld=sentences.filter(withheld=True).count(),
            )


def whole(begun: Begun, scope: Scope) -> dict[str, Any]:
    """The answer as POST /ask gives it."""
    message = Message.objects.filter(id=begun.message_id).first()
    if message is None:
        raise NotFound
    citations = message.citations.select_related("revision__document").order_by("number")
    return {
        **begun.ids(),
        "answer": message.text,
        "abstained": message.abstained,
        "state": message.state,
        "sentences": [_stored_sentence(row) for row in message.sentences.filter(withheld=False).order_by("ordinal")],
        "withheld": message.sentences.filter(withheld=True).count(),
        "citations": [citation_row(row, scope) for row in citations],
        "nearest": [
            {
                "document": str(one.document),
                "title": one.title,
                "page": one.page,
                "heading": one.heading,
                "url": one.url,
            }
            for one in nearest_view(message.nearest, scope)
        ],
        "model": message.model,
        "timings": message.timings,
    }


def citation_row(row: Citation, scope: Scope) -> dict[str, Any]:
    """A citation as the API tells it."""
    view = citation_view(row, scope)
    return {
        "number": view.number,
        "id": str(view.id),
        "document": str(view.document) if view.document else None,
        "title": view.title,
        "revision": view.revision,
        "page": view.page,
        "quote": view.quote,
        "boxes": [list(box) for box in view.boxes],
        "url": view.url,
    }


def sentence_row(event: SentenceDone) -> dict[str, Any]:
    """A sentence as the API tells it."""
    verdict = Verdict.SUPPORTED if event.supported else Verdict.UNSUPPORTED
    said = {"index": event.index, "text": event.text, "verdict": str(verdict), "citations": list(event.citations)}
    return {**said, "reasons": list(event.reasons)}


def passage_row(passage: Passage) -> dict[str, Any]:
    """A passage as events and nearest pages name it."""
    return {
        "document": str(passage.document_id),
        "title": passage.document_title,
        "page": passage.page,
        "heading": passage.heading,
        "score": round(passage.score, 4),
    }


def _stored_sentence(row: Sentence) -> dict[str, Any]:
    numbers = sorted(row.citations.values_list("number", flat=True))
    return {"text": row.text, "verdict": row.verdict, "citations": numbers, "reasons": row.reasons}


def _asked(user: User, text: str, conversation_id: object | None) -> Message:
    if conversation_id is None:
        conversation = Conversation.objects.create(user=user, title=" ".join(text.split())[:_TITLE_LENGTH])
    else:
        conversation = conversation_of(user, conversation_id)
    return Message.objects.create(conversation=conversation, role="user", text=text)


def _question_again(user: User, message_id: object) -> Message:
    mine = Message.objects.select_related("question__conversation", "conversation").filter(conversation__user=user)
    found = mine.filter(id=as_uuid(message_id)).first()
    if found is None:
        raise NotFound
    return found.question or found


def _history(question: Message, scope: Scope) -> tuple[Exchange, ...]:
    """The exchanges of the conversation before this question that ended with an answer, oldest first.

    An answer from a library outside the scope is left out: the model would tell again what may be read no more, or
    not with the token that asks.
    """
    earlier: QuerySet[Message] = question.conversation.messages.filter(
        role="user", created_at__lt=question.created_at
    ).order_by("-created_at")
    found: list[Exchange] = []
    for asked in reversed(list(earlier[:_HISTORY])):
        answer = asked.answers.filter(state=MessageState.COMPLETE).order_by("-created_at").first()
        if answer is not None and _within(answer, scope):
            found.append(Exchange(asked.text, "" if answer.abstained else unmarked(answer.text)))
    return tuple(found)


def _within(answer: Message, scope: Scope) -> bool:
    """Whether all an answer may hold words of is inside the scope; before it was written down, all it searched."""
    told = answer.searched if answer.found_in is None else answer.found_in
    return {as_uuid(key) for key in told} <= scope.readable
