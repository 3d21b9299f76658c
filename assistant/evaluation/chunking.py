"""Chroma's chunking evaluation: five English corpora, 472 questions, and the very stretches that answer them.

The corpora are documents of a library like any other; what is scored is what a search brings and what the answer model
then reads. Beside it a plain splitter with the same embedder, dense search only.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from django.conf import settings

from assistant.calibration import calibration_of
from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.baseline import plain_splitter
from assistant.evaluation.spans import Covered, Ruler, Span, covered, mean, touching, visible
from assistant.evaluation.vectors import VectorCache
from assistant.evidence import evidence_blocks
from assistant.retrieval import retrieve
from assistant.sufficiency import useful
from assistant.turn import PASSAGES
from config.portfolio import model_named
from ingestion import embedding
from ingestion.access import Scope
from ingestion.models import Chunk, Document, Page

LIBRARY = "Evaluation: chunking"
CORPORA = ("chatlogs", "state_of_the_union", "wikitexts", "pubmed", "finance")
FIRST = 5  # chunks that Chroma's evaluation retrieves
SIZES = (200, 400)  # tokens of the plain splitter


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one corpus and the stretches of it that answer."""

    text: str
    corpus: str
    needed: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ChunkingSet:
    """The corpora by name, and what is asked of them."""

    texts: Mapping[str, str]
    questions: tuple[Asked, ...]


class Finder(Protocol):
    """Something that finds stretches of the corpora for a question."""

    @property
    def chunks(self) -> Sequence[Span]:
        """All there are."""

    def found(self, question: str, limit: int) -> list[Span]:
        """The best `limit` stretches, best first."""


def read_set(folder: Path, corpora: Sequence[str] = CORPORA) -> ChunkingSet:
    """The corpora of that name and their questions. Raises EvaluationSetUnreadable."""
    try:
        texts = {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in corpora}
        with (folder / "questions_df.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["corpus_id"] in texts]
        rulers = {name: Ruler(name, [text]) for name, text in texts.items()}
        return ChunkingSet(texts, tuple(_asked(row, rulers) for row in rows))
    except (FileNotFoundError, KeyError, json.JSONDecodeError) as error:
        raise EvaluationSetUnreadable(file=str(folder), problem=str(error)) from error


def _asked(row: Mapping[str, str], rulers: Mapping[str, Ruler]) -> Asked:
    ruler = rulers[row["corpus_id"]]
    needed = (ruler.span(one["start_index"], one["end_index"]) for one in json.loads(row["references"]))
    return Asked(row["question"], row["corpus_id"], tuple(needed))


class Product:
    """What users get: the passages of a search, and of them what the answer model reads."""

    def __init__(self, scope: Scope, texts: Mapping[str, str]) -> None:
        """The documents of the scope by title. Raises EvaluationSetUnreadable where one is missing or another text."""
        self._scope, self._rulers = scope, dict[Any, Ruler]()
        self.chunks: list[Span] = []
        documents = {one.title: one for one in scope.documents().filter(current__isnull=False)}
        for name in texts.keys() - documents.keys():
            raise EvaluationSetUnreadable(file=name, problem=f'it is not in the library "{LIBRARY}"')
        # What is not asked about is searched too, and counts where it is found.
        for name, document in documents.items():
            self._measure(name, texts.get(name), document)

    def _measure(self, name: str, text: str | None, document: Document) -> None:
        found = Page.objects.filter(revision=document.current_id).order_by("number")
        pages = list(found.values_list("text", flat=True))
        if text is not None and visible(pages) != visible([text]):
            raise EvaluationSetUnreadable(file=name, problem="the document in the library has another text")
        ruler = self._rulers[document.pk] = Ruler(name, pages)
        rows = Chunk.objects.filter(revision=document.current_id).values_list("start", "end", "page__number")
        self.chunks += [ruler.span(start, end, page=number) for start, end, number in rows]

    def found(self, question: str, limit: int) -> list[Span]:
        """The passages of a search."""
        return [
            self._rulers[one.document_id].span(one.start, one.end, page=one.page)
            for one in retrieve(question, scope=self._scope, limit=limit)
        ]

    def read(self, question: str, budget: int) -> list[Span]:
        """What the answer model reads of them, in so many tokens: the sentences it may cite."""
        passages = retrieve(question, scope=self._scope, limit=PASSAGES)
        calibration = calibration_of(embedding.embedder().name)
        blocks = evidence_blocks(useful(question, passages, calibration), question, budget=budget)
        return [
            self._rulers[one.document_id].span(one.start, one.end, page=one.page)
            for block in blocks
            for one, _ in block.lines
            if one
        ]


class Splitter:
    """LlamaIndex's SentenceSplitter without overlap, the same embedder, dense search over all chunks."""

    def __init__(self, texts: Mapping[str, str], tokens: int, vectors: VectorCache) -> None:
        """Embed what `vectors` does not hold."""
        split = plain_splitter(tokens)
        cut = [(name, piece) for name, text in texts.items() for piece in _pieces(text, split(text))]
        rulers = {name: Ruler(name, [text]) for name, text in texts.items()}
        self._vectors = vectors
        self.chunks = [rulers[name].span(start, end) for name, (start, end) in cut]
        self._dense = np.asarray(vectors.passages([texts[name][start:end] for name, (start, end) in cut]))

    def found(self, question: str, limit: int) -> list[Span]:
        """The nearest chunks."""
        nearness = self._dense @ np.asarray(self._vectors.query(question))
        return [self.chunks[at] for at in np.argsort(-nearness, kind="stable")[:limit]]


def _pieces(text: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Where the pieces stand in the text they were cut from, in order. Raises ValueError where one does not."""
    found, at = [], 0
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        found.append((start, at))
    return found


Row = dict[str, Covered]
"""Covered for each corpus, and for "all"."""


def scored(questions: Sequence[Asked], find: Callable[[Asked], Sequence[Span]]) -> Row:
    """The means over questions of what is found for each."""
    scores = [(one.corpus, covered(find(one), one.needed)) for one in questions]
    names = dict.fromkeys(corpus for corpus, _ in scores)
    return {
        "all": mean([score for _, score in scores]),
        **{name: mean([score for corpus, score in scores if corpus == name]) for name in names},
    }


def fewest(finder: Finder) -> Callable[[Asked], list[Span]]:
    """Chroma's `min`: as many as there are chunks that hold a part of the answer."""
    return lambda asked: finder.found(asked.text, touching(finder.chunks, asked.needed))


def first(finder: Finder, limit: int = FIRST) -> Callable[[Asked], list[Span]]:
    """The best so many."""
    return lambda asked: finder.found(asked.text, limit)


def reading_budget() -> int:
    """Tokens of evidence that the answer model of this installation is given."""
    return model_named(settings.ANSWER_MODEL, "answer").evidence_tokens
