"""Question and scope → ranked passages: dense + sparse search, in both languages where needed, neighbours merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from math import ceil
from uuid import UUID

from assistant.dictionary import Alias, Aliases, aliases_for, bridged, searches
from assistant.fusion import READ, Fused, fuse, joined, reread, unread
from assistant.reranking import Reranker, reranker
from assistant.terms import content_terms, held_share, held_share_of
from assistant.wording import Wording
from ingestion import embedding
from ingestion.access import Scope
from ingestion.filters import EVERYTHING, Filter, revisions_within
from ingestion.index import Found, Hit, vector_index
from ingestion.models import Chunk, Page
from ingestion.searched import look
from ingestion.selectors import chunks_of, out_of_force
from ingestion.text import Language, language_of, other_language

# How many points each leg brings: enough that a passage one leg ranks low is still seen by the fusion.
LEG_LIMIT = 60
# Chunks looked up at a time, for each passage wanted: reading all that both legs bring costs more than the search.
_LOOKED_UP = 1.5
# Passages a reranker reads: it costs as much for each, and an answer is rarely further down.
RERANKED = 30
# Of 66 golden questions (facts, procedures, tables, parts) 46 reach this; of 11 between languages, 2.
COVERED = 0.6
_BEST = 5


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page found for a question: one chunk, or neighbouring chunks merged.

    `text == page.text[start:end]`. `score` is the fused one (0 to 1) or the reranker's, `similarity` the cosine to the
    question, `words` the best BM25 score. `headings` are spans of the page's text that are headings. `aliases`: what
    its library calls the question's words otherwise.
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
    aliases: tuple[Alias, ...] = ()


def retrieve(
    question: str,
    *,
    scope: Scope,
    limit: int,
    only: Filter = EVERYTHING,
    aliases: Aliases | None = None,
    translation: str = "",
) -> list[Passage]:
    """The passages that fit the question best, best first.

    `only`: which of the documents in scope are searched.
    `aliases`: what the question's words are called otherwise; left out, what the dictionaries in scope say.
    `translation`: the question in the other language; left out, documents in it are searched with the question itself.
    Raises EmbedderUnavailable, RerankerUnavailable, IndexUnavailable.
    """
    if not scope.readable or limit < 1:
        return []
    aliases = aliases_for(question, scope) if aliases is None else aliases
    model = reranker()
    # What a filter lets through is in force: nothing has to be left out besides.
    within = revisions_within(scope, only) if only else None
    without = out_of_force(scope) if within is None else ()
    wanted = max(limit, RERANKED) if model else limit
    asked = embedding.Asked(look())
    search = _Search(asked, scope, without, within, Wording(question), aliases, wanted)
    passages = _searched(search, question, translation)
    return _reranked(question, passages, model)[:limit] if model else passages


def covered(question: str, passages: Sequence[Passage]) -> bool:
    """Whether one of the best passages holds most of the question's words, so that looking further can only mislead."""
    terms = content_terms(question)
    return any(held_share_of(terms, [in_full(passage)]) >= COVERED for passage in passages[:_BEST])


def held(question: str, passage: Passage) -> float:
    """The share of the question's words that the passage holds, or says otherwise by its library's dictionary."""
    return held_share(question, [in_full(passage)])


def in_full(passage: Passage) -> str:
    """What a question's words are looked for in: title, headings, text, and what the dictionary says of them."""
    return _told(passage.document_title, passage.heading, passage.text, passage.aliases)


def _told(title: str, heading: str, text: str, aliases: Sequence[Alias]) -> str:
    return bridged(f"{title} {heading} {text}", aliases)


@dataclass(frozen=True, slots=True)
class _Search:
    """Where is searched, past or within which revisions, what else is looked for, and how many passages are wanted.

    `asked`: its embedding model is that of every search of one question; it may change between two questions.
    """

    asked: embedding.Asked
    scope: Scope
    without: Sequence[UUID]
    within: Sequence[UUID] | None
    wording: Wording
    aliases: Aliases
    limit: int

    def found(self, text: str, aliases: Aliases, language: Language | None = None) -> Found:
        """The best of each leg: every library is searched in its own words, those without an alias together.

        `language`: only passages in it are searched, for what the text's words are called in it too.
        """
        limit, parts = max(LEG_LIMIT, 2 * self.limit), []
        index = vector_index(self.asked.model)
        search = partial(index.search, limit=limit, without=self.without, within=self.within, language=language)
        for part, said in searches(self.scope, aliases):
            also = [(alias.asked, alias.other) for alias in said]
            vectors = self.asked.vectors(text, also, into=language)
            parts.append(search(vectors.dense.tolist(), vectors.sparse, scope=part))
        if len(parts) == 1:
            return parts[0]
        return Found(_best([part.dense for part in parts], limit), _best([part.sparse for part in parts], limit))

    def passages(self, fused: Sequence[Fused]) -> list[Passage]:
        """As many passages as are wanted, from the top of the ranking. The best are read and ranked again."""
        step = ceil(_LOOKED_UP * self.limit)
        read = max(READ, step)
        ranked = self._reread(fused[:read])
        for first in range(read, len(fused), step):
            if len(passages := merged(ranked, self.aliases)) >= self.limit:
                return passages[: self.limit]
            ranked += _looked_up(unread(fused[first : first + step]), self.scope)
        return merged(ranked, self.aliases)[: self.limit]

    def _reread(self, best: Sequence[Fused]) -> list[tuple[Chunk, Fused]]:
        chunks = {one.key: chunk for chunk, one in _looked_up(best, self.scope)}
        shares = {key: self.wording.share_in(self._in_full(chunk)) for key, chunk in chunks.items()}
        return [(chunks[one.key], one) for one in reread(best, shares) if one.key in chunks]

    def _in_full(self, chunk: Chunk) -> str:
        document, text = chunk.revision.document, chunk.page.text[chunk.start : chunk.end]
        return _told(document.title, chunk.heading, text, self.aliases.get(document.library_id, ()))


def _searched(search: _Search, question: str, translation: str) -> list[Passage]:
    """What is found; where that does not hold the question's words, as much again from the other language's documents.

    Of two passages that say the same, the embedder puts one in the question's language first. Among those in the other
    language alone it puts the right one far ahead.
    """
    found = search.found(question, search.aliases)
    ranking = fuse(found.dense, found.sparse)
    passages = search.passages(ranking)
    if covered(question, passages):
        return passages
    aliases = aliases_for(translation, search.scope) if translation else search.aliases
    across = search.found(translation or question, aliases, other_language(language_of(question)))
    return search.passages(joined(ranking, fuse(across.dense, across.sparse)))


def _reranked(question: str, passages: Sequence[Passage], model: Reranker) -> list[Passage]:
    scores = model.scores(question, [f"{passage.heading}\n{passage.text}".strip() for passage in passages])
    ordered = sorted(zip(passages, scores, strict=True), key=lambda pair: -pair[1])
    return [replace(passage, score=score) for passage, score in ordered]


def _best(legs: Iterable[Sequence[Hit]], limit: int) -> tuple[Hit, ...]:
    return tuple(sorted(chain.from_iterable(legs), key=lambda hit: -hit.score)[:limit])


def _looked_up(fused: Sequence[Fused], scope: Scope) -> list[tuple[Chunk, Fused]]:
    """What the index holds is checked again against the database: rights and revisions change there first."""
    chunks = chunks_of(scope, [Hit(*one.key, one.score) for one in fused])
    return [(chunks[one.key], one) for one in fused if one.key in chunks]


def merged(ranked: Iterable[tuple[Chunk, Fused]], aliases: Aliases | None = None) -> list[Passage]:
    """Chunks as passages, in rank order; a chunk beside one already taken on the same page extends that passage."""
    groups: list[list[tuple[Chunk, Fused]]] = []
    for chunk, one in ranked:
        for group in groups:
            if any(chunk.page_id == other.page_id and abs(chunk.ordinal - other.ordinal) == 1 for other, _ in group):
                group.append((chunk, one))
                break
        else:
            groups.append([(chunk, one)])
    return [_passage(group, aliases or {}) for group in groups]


def _passage(group: list[tuple[Chunk, Fused]], aliases: Aliases) -> Passage:
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
        aliases=aliases.get(best.revision.document.library_id, ()),
    )


def _heading_spans(page: Page) -> tuple[tuple[int, int], ...]:
    return tuple((start, start + len(text)) for start, _level, text in page.headings)
