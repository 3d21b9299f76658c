"""One question through the whole path: rewrite, retrieve, enough?, evidence, stream, verdicts. Writes nothing.

Whoever runs it (the service, the evaluation, a command) gets exactly what users get.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from asgiref.sync import sync_to_async

from assistant.answering import Exchange, answer_messages, rewrite_messages, translate_messages
from assistant.calibration import calibration_of
from assistant.citations import UNMARKED, Evidence, Judgement, Numbering, as_quotation, judge, quotation
from assistant.evidence import evidence_blocks
from assistant.llm import AnswerModel, ChatMessage
from assistant.marks import Draft, MarkParser, SentenceSplitter, disarmed
from assistant.narrowing import nothing_within, only_within
from assistant.retrieval import Passage, covered, retrieve
from assistant.sufficiency import abstention, useful
from ingestion import embedding
from ingestion.access import Scope
from ingestion.filters import EVERYTHING, Filter
from ingestion.selectors import languages_of, proved_only
from ingestion.text import Language, language_of

PASSAGES = 8
_NEAREST = 3
_REWRITE_TOKENS = 120
_TRANSLATION_TOKENS = 60


@dataclass(frozen=True, slots=True)
class Passages:
    """What was found for the question (as rewritten), best first."""

    question: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer as the model writes it, without marks.

    Where only proved sentences are shown: nothing as one is begun, then the whole of it, if it is proved.
    """

    text: str


@dataclass(frozen=True, slots=True)
class CitationReady:
    """A citation a reader sees for the first time: its number and the evidence it points at."""

    number: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class SentenceDone:
    """A finished sentence with its verdict. `citations` are the readers' numbers; `gap` the blanks before it.

    `withheld`: nothing proves it and it is not shown; whoever keeps the answer keeps it for its auditor.
    """

    index: int
    text: str
    gap: str
    supported: bool
    reasons: tuple[dict[str, Any], ...]
    citations: tuple[int, ...]
    proposed: bool
    withheld: bool


@dataclass(frozen=True, slots=True)
class Done:
    """The end. Where it abstains, `answer` says so and the sentences before it are no answer. Milliseconds."""

    answer: str
    abstained: bool
    nearest: tuple[Passage, ...]
    timings: dict[str, float | None]


TurnEvent = Passages | Token | CitationReady | SentenceDone | Done


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question as it stands for itself, its language, and which documents it is answered from."""

    text: str
    language: Language
    only: Filter


@dataclass(slots=True)
class _Clock:
    started: float = field(default_factory=perf_counter)
    retrieve_ms: float | None = None
    first_token_ms: float | None = None

    def now(self) -> float:
        return round((perf_counter() - self.started) * 1000, 1)

    def timings(self) -> dict[str, float | None]:
        return {"retrieve_ms": self.retrieve_ms, "first_token_ms": self.first_token_ms, "total_ms": self.now()}


async def run_turn(
    question: str, *, scope: Scope, model: AnswerModel, history: Sequence[Exchange] = (), only: Filter = EVERYTHING
) -> AsyncGenerator[TurnEvent, None]:
    """Answer one question, event by event; the last one is Done. Closing the generator stops the model.

    `only`: which of the documents in scope it is answered from.

    Raises ModelUnavailable, EmbedderUnavailable, IndexUnavailable.
    """
    clock, language = _Clock(), language_of(question)
    asked = _Asked(await _rewritten(question, history, language, model), language, only)
    searched, passages = await _searched(asked, scope, model)
    clock.retrieve_ms = clock.now()
    yield Passages(asked.text, tuple(passages))
    embedder = embedding.embedder()  # one for the whole answer: searches may go over to another model meanwhile
    calibration = calibration_of(embedder.name)
    blocks = evidence_blocks(useful(searched, passages, calibration), searched, budget=model.evidence_tokens)
    if not blocks:
        yield _abstained(asked, passages, clock)
        return
    # The question that stands for itself is asked, so a model that overlooks the history still answers it.
    messages = answer_messages(asked.text, blocks, history, language, marks=model.marks)
    done: list[SentenceDone] = []
    evidence = [one for block in blocks for one, _ in block.lines if one]
    withholds = await sync_to_async(proved_only)(scope, default=model.proved_only)
    judged = _Judged(evidence, embedder, asked.text, proved_only=withholds)
    async with aclosing(_answered(messages, model, clock, judged)) as events:
        async for event in events:
            if isinstance(event, SentenceDone):
                done.append(event)
            yield event
    if not model.marks and not any(sentence.supported for sentence in done):
        for event in await sync_to_async(judged.quotation)():
            if isinstance(event, SentenceDone):
                done.append(event)
            yield event
    yield _finished(done, asked, passages, clock)


async def _rewritten(question: str, history: Sequence[Exchange], language: Language, model: AnswerModel) -> str:
    """The question as it would be asked without the conversation."""
    if not history:
        return question
    said = await model.complete(rewrite_messages(question, history, language), max_tokens=_REWRITE_TOKENS)
    return _one_line(said, question) or question


def _one_line(said: str, question: str) -> str:
    """The first line of what the model said; none where it does not look like a question of the same size.

    Such a model has answered instead.
    """
    line = next((line.strip() for line in said.splitlines() if line.strip()), "")
    return line if 1 < len(line) <= 3 * len(question) + 80 else ""


async def _searched(asked: _Asked, scope: Scope, model: AnswerModel) -> tuple[str, list[Passage]]:
    """What was searched for, and what was found: translated too, where the question's own words are not found."""
    text, only = asked.text, asked.only
    search = partial(sync_to_async(retrieve), text, scope=scope, limit=PASSAGES, only=only)
    passages = await search()
    if covered(text, passages) or not await sync_to_async(languages_of)(scope, only) - {asked.language}:
        return text, passages
    wanted = translate_messages(text, asked.language)
    said = _one_line(await model.complete(wanted, max_tokens=_TRANSLATION_TOKENS), text)
    if not said:
        return text, passages
    return f"{text} {said}", await search(translation=said)


async def _answered(
    messages: Sequence[ChatMessage], model: AnswerModel, clock: _Clock, judged: "_Judged"
) -> AsyncGenerator[TurnEvent, None]:
    """Tokens as they come; each finished sentence judged, with the citations it is the first to use."""
    evidence = len(judged.evidence) if model.marks else 0
    pieces = model.stream(messages, max_tokens=model.answer_tokens, evidence=evidence)
    async with aclosing(_parsed(pieces)) as parts:
        async for part in parts:
            if isinstance(part, str):
                clock.first_token_ms = clock.first_token_ms or clock.now()
                events = judged.piece(part)
            else:
                events = await sync_to_async(judged.events)(part)
            for event in events:
                yield event


async def _parsed(pieces: AsyncGenerator[str, None]) -> AsyncGenerator[str | Draft, None]:
    """Text without marks as it streams, and whole sentences between."""
    marks, sentences = MarkParser(), SentenceSplitter()
    async with aclosing(pieces):
        async for piece in pieces:
            for part in marks.feed(piece):
                if isinstance(part, str):
                    yield part
                for draft in sentences.add(part):
                    yield draft
    for part in marks.close():
        if isinstance(part, str):
            yield part
        for draft in sentences.add(part):
            yield draft
    for draft in sentences.close():
        yield draft


class _Judged:
    """Judges sentences of one answer against its evidence; vectors of evidence are computed once."""

    def __init__(
        self, evidence: Sequence[Evidence], embedder: embedding.Embedder, question: str, *, proved_only: bool
    ) -> None:
        self._embedder = embedder
        self._calibration = calibration_of(embedder.name)
        self._question = question
        self._proved_only = proved_only
        self.evidence = evidence
        self._by_number = {one.number: one for one in evidence}
        self._numbering = Numbering()
        self._vectors: dict[str, Any] = {}
        self._count = 0
        self._begun = False
        self._gapless = True  # nothing stands before the first sentence that is shown
        self._quotable = set(self._by_number)

    def piece(self, text: str) -> list[TurnEvent]:
        """The piece; where it has to be proved before it is shown, only that a sentence is begun."""
        if not self._proved_only:
            return [Token(text)]
        begun, self._begun = self._begun, True
        return [] if begun else [Token("")]

    def events(self, draft: Draft) -> list[TurnEvent]:
        """The citations this sentence is the first to use, then the sentence. First its text, if that had to wait."""
        found = judge(
            draft.text, draft.numbers, self.evidence, self._closeness, self._calibration, question=self._question
        )
        if found.quoted and not self._quotable.intersection(found.cited):
            found = UNMARKED  # its source is shown already
        return self._told(draft, found, streamed=not self._proved_only)

    def quotation(self) -> list[TurnEvent]:
        """The source that says what was asked for, where nothing the model said is proved; none where none is close."""
        events: list[TurnEvent] = []
        found = quotation(self._question, self.evidence, self._nearness, self._calibration)
        for one in found.cited if found else ():
            judged = Judgement(True, (one,), (), proposed=True, quoted=True)
            events += self._told(Draft("\n" if self._count else "", "", ()), judged, streamed=False)
        return events

    def _told(self, draft: Draft, found: Judgement, *, streamed: bool) -> list[TurnEvent]:
        """`streamed`: the reader has seen its words already."""
        self._quotable -= set(found.cited)
        numbers: list[int] = []
        events: list[TurnEvent] = []
        # Only what proves is cited: a number beside an unproved sentence would look like proof.
        for one in found.cited if found.supported else ():
            number, new = self._numbering.number(one)
            numbers.append(number)
            if new:
                events.append(CitationReady(number, self._by_number[one]))
        self._count += 1
        self._begun = False
        sentence = self._sentence(draft, found, tuple(numbers))
        if found.supported and not streamed:
            gap, self._gapless = "" if self._gapless else sentence.gap, False
            events.insert(0, Token(gap + sentence.text))
        return [*events, sentence]

    def _sentence(self, draft: Draft, found: Judgement, numbers: tuple[int, ...]) -> SentenceDone:
        return SentenceDone(
            index=self._count - 1,
            text=as_quotation(disarmed(self._by_number[found.cited[0]].text)) if found.quoted else draft.text,
            gap=draft.gap,
            supported=found.supported,
            reasons=found.reasons,
            citations=numbers,
            proposed=found.proposed,
            withheld=self._proved_only and not found.supported,
        )

    def _nearness(self, texts: Sequence[str]) -> list[float]:
        asked = self._embedder.query(self._question)
        return [float(np.dot(asked, vector)) for vector in self._embedder.passages(texts)]

    def _closeness(self, text: str, others: Sequence[str]) -> float:
        new = [one for one in dict.fromkeys([text, *others]) if one not in self._vectors]
        if new:
            self._vectors |= dict(zip(new, self._embedder.passages(new), strict=True))
        return max((float(np.dot(self._vectors[text], self._vectors[other])) for other in others), default=0.0)


def _finished(done: list[SentenceDone], asked: _Asked, passages: Sequence[Passage], clock: _Clock) -> Done:
    if not any(sentence.supported for sentence in done):
        return _abstained(asked, passages, clock)
    marked = (
        sentence.gap + sentence.text + "".join(f"[{number}]" for number in sentence.citations)
        for sentence in done
        if not sentence.withheld
    )
    return Done("".join(marked).strip(), abstained=False, nearest=(), timings=clock.timings())


def _abstained(asked: _Asked, passages: Sequence[Passage], clock: _Clock) -> Done:
    nearest = passages[:_NEAREST]
    said = abstention(asked.language, asked.text, nearest) + only_within(asked.only, asked.language)
    if asked.only and not nearest:
        said = nothing_within(asked.only, asked.language)
    return Done(said, abstained=True, nearest=tuple(nearest), timings=clock.timings())
