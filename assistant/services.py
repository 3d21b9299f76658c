"""What a person may do in a conversation: ask, ask again, rename, delete, give feedback. Checks, writes, audits."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

from assistant import record_keeping as kept
from assistant.admission import line
from assistant.answering import prompt_hash
from assistant.llm import AnswerModel, answer_model
from assistant.models import Conversation, EvaluationQuestion, Feedback, Message, MessageState
from assistant.questions import cleaned, remark
from assistant.selectors import conversation_of
from assistant.turn import CitationReady, Done, Passages, SentenceDone, Token, TurnEvent, run_turn
from ingestion.access import Scope, as_uuid
from ingestion.audit import record
from ingestion.errors import InternalError, NotFound, TenkyoError
from ingestion.filters import EVERYTHING, Filter
from ingestion.models import User
from ingestion.text import language_of, one_line

EventName = Literal["waiting", "passages", "token", "sentence", "citation", "done", "error"]
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class AskEvent:
    """One event of an answer, as the HTTP API streams it: a name and JSON-ready data.

    waiting   {conversation, message, question, place, seconds}   while others are answered first, at each change: 1 is
                                           next, seconds an estimate or null
    passages  {conversation, message, question, passages: [{document, title, page, heading, score}]}
    token     {text}                       a piece of the answer as the model writes it, without citation marks; where
                                           only proved sentences are shown, empty as one is begun, then all of it
    citation  {number, id, document, title, revision, page, quote, boxes, url}   before the sentence that first uses it
    sentence  {index, text, verdict, reasons, citations: [n]}      once per finished sentence, in order; one that is
                                           withheld is not told, and its index is left out
    done      the whole answer, as POST /ask without `stream` gives it (DESIGN.md), with `question` (id), `state` and
              `withheld`: how many sentences are neither in the answer nor among its sentences
    error     {code, message, hint, conversation, message_id, question}
    """

    name: EventName
    data: dict[str, Any]


async def ask(
    *,
    user: User,
    scope: Scope,
    question: str,
    conversation_id: object | None = None,
    regenerate: object | None = None,
    model: str | None = None,
    only: Filter = EVERYTHING,
) -> AsyncGenerator[AskEvent, None]:
    """Answer a question, event by event, and keep everything: the question first, then what was answered.

    `regenerate` (id of an answer or its question) answers that question again; `question` is then ignored.
    `only`: which of the documents in scope it is answered from; kept with the answer.
    Raises NotFound, QuestionEmpty, QuestionTooLong, ModelNotApproved before the first event; later failures are an
    `error` event and an answer in state failed. Whoever stops listening stops the model; what was written is kept.
    """
    chosen = answer_model(model)
    text = "" if regenerate is not None else cleaned(question)
    begun = await _database(kept.begin)(
        user=user,
        scope=scope,
        text=text,
        conversation_id=conversation_id,
        regenerate=regenerate,
        model=chosen.name,
        only=only,
    )
    try:
        async with aclosing(_in_turn(user, scope, begun, chosen)) as events:
            async for event in events:
                yield event
    except (asyncio.CancelledError, GeneratorExit):
        # The listener is gone: what was written is kept, whatever else is being torn down.
        await asyncio.shield(_database(kept.end)(begun, MessageState.STOPPED, user=user))
        raise
    except Exception as error:  # noqa: BLE001 - the person must be told, and the question must not be lost
        yield await _failed(user, begun, error)


def conversation_rename(*, user: User, conversation_id: object, title: str) -> Conversation:
    """Give the person's own conversation another title; an empty one keeps the old. Raises NotFound."""
    conversation = conversation_of(user, conversation_id)
    conversation.title = one_line(title)[:200] or conversation.title
    conversation.save(update_fields=["title"])
    record("conversation.renamed", actor=user, subject=f"conversation:{conversation.id}")
    return conversation


def conversation_delete(*, user: User, conversation_id: object) -> None:
    """Remove the person's own conversation with all its messages. Raises NotFound."""
    conversation = conversation_of(user, conversation_id)
    record("conversation.deleted", actor=user, subject=f"conversation:{conversation.id}")
    conversation.delete()


def feedback_give(*, user: User, message_id: object, helpful: bool, comment: str = "") -> Feedback:
    """Keep the person's thumbs up or down on an answer of their own; a second one replaces the first.

    Raises NotFound.
    """
    found = Message.objects.filter(id=as_uuid(message_id), role="assistant", conversation__user=user).first()
    if found is None:
        raise NotFound
    said = {"helpful": helpful, "comment": remark(comment)}
    feedback, _ = Feedback.objects.update_or_create(message=found, user=user, defaults=said)
    record("feedback.given", actor=user, subject=f"message:{found.id}", helpful=helpful)
    return feedback


def evaluation_question_add(*, user: User, message: Message) -> bool:
    """Copy a question that was asked (or the one an answer is to) for evaluation; whether it is new there."""
    asked = message.question or message
    found, made = EvaluationQuestion.objects.get_or_create(message=asked, defaults={"question": asked.text})
    if made:
        record("evaluation.question_added", actor=user, subject=f"message:{asked.id}", question=found.pk)
    return made


async def _in_turn(user: User, scope: Scope, begun: kept.Begun, model: AnswerModel) -> AsyncGenerator[AskEvent, None]:
    """The place in line as long as there is one, then the answer's events. Whoever leaves makes room at once."""
    ticket = line().join(user.pk)
    try:
        async with aclosing(ticket.waiting()) as standings:
            async for standing in standings:
                yield AskEvent("waiting", {**begun.ids(), "place": standing.place, "seconds": standing.seconds})
        async with aclosing(_answered(user, scope, begun, model)) as events:
            async for event in events:
                yield event
    finally:
        ticket.leave()


async def _answered(user: User, scope: Scope, begun: kept.Begun, model: AnswerModel) -> AsyncGenerator[AskEvent, None]:
    """The turn's events, each written down before it is told."""
    turn = run_turn(begun.text, scope=scope, model=model, history=begun.history, only=begun.only)
    async with aclosing(turn) as events:
        async for event in events:
            told = await _told(user, scope, begun, event, marks=model.marks)
            if told is not None:
                yield told


async def _told(user: User, scope: Scope, begun: kept.Begun, event: TurnEvent, *, marks: bool) -> AskEvent | None:
    """What is told of the event; none of a sentence that is withheld. Written down it is all the same."""
    match event:
        case Token():
            begun.draft.append(event.text)
            return AskEvent("token", {"text": event.text})
        case Passages():
            await _database(kept.keep_found)(begun, event.passages)  # and lets go of the search's connection
            rows = [kept.passage_row(one) for one in event.passages]
            return AskEvent("passages", {**begun.ids(), "passages": rows})
        case CitationReady():
            return AskEvent("citation", await _database(kept.keep_citation)(begun, event, scope))
        case SentenceDone():
            await _database(kept.keep_sentence)(begun, event)
            return None if event.withheld else AskEvent("sentence", kept.sentence_row(event))
        case Done():
            hashed = prompt_hash(language_of(begun.text), marks=marks)
            await _database(kept.end)(begun, MessageState.COMPLETE, user=user, done=event, prompt_hash=hashed)
            return AskEvent("done", await _database(kept.whole)(begun, scope))


async def _failed(user: User, begun: kept.Begun, error: Exception) -> AskEvent:
    known = error if isinstance(error, TenkyoError) else InternalError()
    if known is not error:
        kept.log.exception("answer_failed", message=str(begun.message_id), exc_info=error)
    await _database(kept.end)(begun, MessageState.FAILED, user=user, error_code=known.code)
    message, hint = known.texts()
    ids = begun.ids()
    said = {"code": known.code, "message": message, "hint": hint}
    return AskEvent(
        "error",
        {**said, "conversation": ids["conversation"], "question": ids["question"], "message_id": ids["message"]},
    )


def _database(work: Callable[_P, _R]) -> Callable[_P, Awaitable[_R]]:
    """Work on rows in the request's own thread, letting go of the connection: none is held while the model thinks."""

    def released(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return work(*args, **kwargs)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    return sync_to_async(released)
