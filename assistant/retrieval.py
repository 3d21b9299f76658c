"""Question and scope → ranked passages: dense + sparse search, score fusion, neighbours merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ingestion import embedding
from ingestion.access import Scope
from ingestion.index import Hit, vector_index
from ingestion.models import Chunk, Page
from ingestion.selectors import chunks_of, out_of_force

# How many points each leg brings: enough that a passage one leg ranks low is still seen by the fusion.
LEG_LIMIT = 60
# Chosen by measurement (docs/reference/retrieval.md); the rest is the sparse leg's.
DENSE_WEIGHT = 0.4
# Chunks looked up at a time, for each passage wanted: reading all that both legs bring costs more than the search.
_LOOKED_UP = 2

Key = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page found for a question: one chunk, or neighbouring chunks merged.

    `text == page.text[start:end]`. `score` is the fused one (0 to 1), `similarity` the cosine to the question, `words`
    the best BM25 score. `headings` are spans of the page's text that are headings.
    """

    document_id: UUID
    document_title: str
    revision_id: UUID
    revision_number: int
    page_id: int
    page: int
    page_label: str
    heading: str
    start: int
    end: int
    text: str
    score: float
    similarity: float
    words: float = 0.0
    headings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fused:
    """A point that either leg found, with both raw scores (the leg's lowest where it did not find it)."""

    key: Key
    score: float
    cosine: float
    words: float


def retrieve(question: str, *, scope: Scope, limit: int) -> list[Passage]:
    """The passages that fit the question best, best first.

    Raises EmbedderUnavailable, IndexUnavailable.
    """
    if not scope.readable or limit < 1:
        return []
    vectors = embedding.embed_query(question)
    found = vector_index().search(
        vectors.dense.tolist(),
        vectors.sparse,
        scope=scope,
        limit=max(LEG_LIMIT, 2 * limit),
        without=out_of_force(scope),
    )
    ranked: list[tuple[Chunk, Fused]] = []
    fused = fuse(found.dense, found.sparse)
    for first in range(0, len(fused), _LOOKED_UP * limit):
        ranked += _looked_up(fused[first : first + _LOOKED_UP * limit], scope)
        if len(passages := merged(ranked)) >= limit:
            return passages[:limit]
    return merged(ranked)


def _looked_up(fused: Sequence[Fused], scope: Scope) -> list[tuple[Chunk, Fused]]:
    """What the index holds is checked again against the database: rights and revisions change there first."""
    chunks = chunks_of(scope, [Hit(*one.key, one.score) for one in fused])
    return [(chunks[one.key], one) for one in fused if one.key in chunks]


def fuse(dense: Sequence[Hit], sparse: Sequence[Hit]) -> list[Fused]:
    """Both legs as one ranking: each leg's scores stretched to 0..1 and added with their weights, best first."""
    cosines, words = _by_key(dense), _by_key(sparse)
    near, told = _stretched(cosines), _stretched(words)
    lowest_cosine, lowest_words = min(cosines.values(), default=0.0), min(words.values(), default=0.0)
    fused = [
        Fused(
            key=key,
            score=DENSE_WEIGHT * near.get(key, 0.0) + (1 - DENSE_WEIGHT) * told.get(key, 0.0),
            cosine=cosines.get(key, lowest_cosine),
            words=words.get(key, 0.0 if sparse else lowest_words),
        )
        for key in {**cosines, **words}
    ]
    return sorted(fused, key=lambda one: (-one.score, str(one.key[0]), one.key[1]))


def merged(ranked: Iterable[tuple[Chunk, Fused]]) -> list[Passage]:
    """Chunks as passages, in rank order; a chunk beside one already taken on the same page extends that passage."""
    groups: list[list[tuple[Chunk, Fused]]] = []
    for chunk, one in ranked:
        for group in groups:
            if any(chunk.page_id == other.page_id and abs(chunk.ordinal - other.ordinal) == 1 for other, _ in group):
                group.append((chunk, one))
                break
        else:
            groups.append([(chunk, one)])
    return [_passage(group) for group in groups]


def _by_key(hits: Iterable[Hit]) -> dict[Key, float]:
    return {(hit.revision_id, hit.ordinal): hit.score for hit in hits}


def _stretched(scores: dict[Key, float]) -> dict[Key, float]:
    """Scores as 0 (the leg's lowest) to 1 (its highest)."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def _passage(group: list[tuple[Chunk, Fused]]) -> Passage:
    """`group` is in rank order: its first chunk gives the score and the heading."""
    best, one = group[0]
    page = best.page
    start, end = min(chunk.start for chunk, _ in group), max(chunk.end for chunk, _ in group)
    return Passage(
        document_id=best.revision.document_id,
        document_title=best.revision.document.title,
        revision_id=best.revision_id,
        revision_number=best.revision.number,
        page_id=page.pk,
        page=page.number,
        page_label=page.label,
        heading=best.heading,
        start=start,
        end=end,
        text=page.text[start:end],
        score=one.score,
        similarity=max(fused.cosine for _, fused in group),
        words=max(fused.words for _, fused in group),
        headings=_heading_spans(page),
    )


def _heading_spans(page: Page) -> tuple[tuple[int, int], ...]:
    return tuple((start, start + len(text)) for start, _level, text in page.headings)
