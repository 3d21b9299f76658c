"""The steps after the pages: chunks, vectors, points, switch. Each finds out what is done and does the rest."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from time import monotonic
from typing import Any
from uuid import UUID

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Length

from ingestion import chunking, embedding, sparse
from ingestion.index import Point, point_id, vector_index
from ingestion.leases import BuildLeft, Lease, RunLeft
from ingestion.masking import masked_text, policy_of
from ingestion.masking.policy import Policy
from ingestion.models import Chunk, ChunkVector, Document, IndexBuild, Page, Revision, Status
from ingestion.parsing import Heading, ParsedPage
from ingestion.progress import last_cut, pages_in_a_row
from ingestion.searched import look, models_written
from ingestion.text import language_of

# Vectors are stored every few seconds, so that a kill loses no more, on a slow CPU as on a GPU.
TEXTS_AT_FIRST = 4
_TEXTS_AT_MOST = 512
_QUICK_SECONDS, _SLOW_SECONDS = 2.0, 6.0
_POINTS_AT_ONCE = 500
_HASHES_AT_ONCE = 500
_PAGES_IN_MEMORY = 100


def cut_chunks(lease: Lease, revision: Revision) -> None:
    """Cut what is read and not cut yet, up to the first page that is missing, all written in one transaction."""
    again = revision.recipe != chunking.RECIPE
    if again and revision.recipe:  # chunks of another recipe: their ordinals mean other text, so their points go first
        delete_points([revision.id])
    drafts = []
    for draft in _drafts(revision, after=0 if again else last_cut(revision)):
        lease.beat()
        drafts.append(draft)
    lease.beat(force=True, chunks_total=len(drafts) + (0 if again else revision.chunks.count()))
    if again or drafts:
        _store_chunks(revision, drafts, again=again)


def compute_vectors(lease: Lease, revision: Revision, build: IndexBuild) -> None:
    """Compute and store the vectors that no chunk of the same content has yet, the longest texts first."""
    chunks, total = revision.chunks.all(), revision.chunks.count()
    missing = _missing_hashes(chunks, build)
    lease.beat(force=True, chunks_total=total, chunks_done=total - len(missing))
    size = TEXTS_AT_FIRST
    while missing:
        begun, some = monotonic(), missing[:size]
        _store_vectors(build, some, _embedded(lease, chunks, build, some, total - len(missing)))
        missing = missing[size:]
        lease.beat(chunks_done=total - len(missing))
        size = next_size(size, monotonic() - begun)
        if missing:  # each turn gets further, so that two who give way to each other both come to an end
            lease.give_way()


def index_chunks(lease: Lease, revision: Revision, build: IndexBuild, ordinals: range) -> None:
    """Compute the vectors that these chunks lack, and write their points."""
    chunks = revision.chunks.filter(ordinal__gte=ordinals.start, ordinal__lt=ordinals.stop)
    if missing := _missing_hashes(chunks, build):
        _store_vectors(build, missing, _embedded(lease, chunks, build, missing, ordinals.start))
    for points in points_of(revision, build, chunks):
        vector_index(build.model).upsert(points)
    lease.beat(force=True, chunks_done=ordinals.stop)


def write_points(lease: Lease, revision: Revision, build: IndexBuild) -> None:
    """Write a point for every chunk into the index."""
    for points in points_of(revision, build):
        lease.beat()
        vector_index(build.model).upsert(points)
    lease.beat(force=True)


def points_of(revision: Revision, build: IndexBuild, chunks: QuerySet[Chunk] | None = None) -> Iterator[list[Point]]:
    """The points of a revision (or of these chunks of it), some hundred at a time, but for chunks without a vector."""
    key = str(revision.document.library_id)
    for some in in_slices(revision.chunks.all() if chunks is None else chunks, "ordinal", _POINTS_AT_ONCE):
        vectors = _vectors_of(build, {chunk.content_hash for chunk in some})
        yield [
            _point(chunk, vectors[chunk.content_hash], key, build) for chunk in some if chunk.content_hash in vectors
        ]


def switch(lease: Lease, revision: Revision, build: IndexBuild) -> bool:
    """Answer from this revision from now on. False where a newer one was faster. Raises BuildLeft."""
    with transaction.atomic():
        document = locked_document(lease, revision, build)
        if document.current is not None and document.current.number > revision.number:
            return False
        document.current = revision
        document.save(update_fields=["current"])
        Revision.objects.filter(id=revision.id).update(status=Status.READY, pages_findable=None)
    return True


def locked_document(lease: Lease, revision: Revision, build: IndexBuild) -> Document:
    """The revision's document, nobody else's to change until the transaction ends. Raises RunLeft, BuildLeft."""
    document = Document.objects.select_for_update().filter(revisions=revision).first()
    if document is None or not lease.mine().exists():
        raise RunLeft
    # Against a change of build in this moment: the new one would lack what is switched to here.
    if not IndexBuild.objects.select_for_update().filter(id=build.id, active=True).exists():
        raise BuildLeft
    return document


def remove_old_points(revision: Revision) -> None:
    """Remove the points of the document's other revisions. Their rows and files stay: citations point at them."""
    others = Revision.objects.filter(document=revision.document_id, number__lt=revision.number)
    delete_points(list(others.values_list("id", flat=True)))


def delete_points(revision_ids: Sequence[UUID]) -> None:
    """Remove every point of these revisions, from the index that is being built too."""
    for model in models_written():
        vector_index(model).delete_revisions(revision_ids)


def active_build() -> IndexBuild:
    """The build that is searched, by today's recipes. The first one is of EMBED_MODEL."""
    model, recipe = look(), recipe_now()
    found = IndexBuild.objects.filter(model=model, recipe=recipe, active=True).first()
    if found is not None:
        return found
    dimension = embedding.embedder(model).dimension  # may load the model: no lock is held for that long
    try:
        with transaction.atomic():
            IndexBuild.objects.filter(active=True).update(active=False)
            made = {"active": True, "wanted": False, "dimension": dimension}
            return IndexBuild.objects.update_or_create(model=model, recipe=recipe, defaults=made)[0]
    except IntegrityError:  # another worker made it between the look and the write
        return IndexBuild.objects.get(model=model, recipe=recipe, active=True)


def recipe_now() -> str:
    """How chunks are cut and their words weighed by this version."""
    return f"{chunking.RECIPE}+{sparse.RECIPE}"


def recipe_of(build: IndexBuild) -> str:
    """What goes into the point ids: points of another model or recipe are other points."""
    return f"{build.model}/{build.recipe}"


def _drafts(revision: Revision, *, after: int) -> Iterator[chunking.ChunkDraft]:
    some = revision.pages.defer("words").filter(number__gt=after, number__lte=pages_in_a_row(revision))
    rows = chain.from_iterable(in_slices(some, "number", _PAGES_IN_MEMORY))
    document = Document.objects.get(id=revision.document_id)
    policy = policy_of(document.library_id)
    return chunking.chunk_pages(
        (_parsed(row, policy) for row in rows),
        title=document.title,
        count_tokens=embedding.embedder(look()).count_tokens,
        before=chain.from_iterable(_headings(rows, policy) for rows in _headings_before(revision, after)),
    )


def _headings_before(revision: Revision, after: int) -> list[list[Any]]:
    return list(revision.pages.filter(number__lte=after).order_by("number").values_list("headings", flat=True))


def _headings(rows: list[Any], policy: Policy) -> tuple[Heading, ...]:
    # An outline words its headings in its own way, so they are masked by themselves.
    return tuple(Heading(start, level, masked_text(text, policy)) for start, level, text in rows)


def in_slices(rows: QuerySet[Any], key: str, size: int) -> Iterator[list[Any]]:
    """Rows by rising `key`, at most `size` at a time, with no cursor left open between two slices.

    SQLite refuses a write at once ("database is locked") on a connection whose open cursor reads an older snapshot.
    """
    last = -1
    while some := list(rows.filter(**{f"{key}__gt": last}).order_by(key)[:size]):
        yield some
        last = getattr(some[-1], key)


def _parsed(row: Page, policy: Policy) -> ParsedPage:
    headings = _headings(row.headings, policy)
    return ParsedPage(row.number, row.text, row.width, row.height, headings=headings, label=row.label, ocr=row.ocr)


def _store_chunks(revision: Revision, drafts: Iterable[chunking.ChunkDraft], *, again: bool) -> None:
    pages = dict(revision.pages.values_list("number", "id"))
    first = 0 if again else revision.chunks.count()
    rows = [
        Chunk(
            revision=revision,
            page_id=pages[draft.page],
            ordinal=ordinal,
            start=draft.start,
            end=draft.end,
            text=draft.text,
            heading=draft.heading,
            context=draft.embedded_text.removesuffix(draft.text),
            content_hash=hashlib.sha256(draft.embedded_text.encode()).hexdigest(),
        )
        for ordinal, draft in enumerate(drafts, start=first)
    ]
    with transaction.atomic():
        if again:
            revision.chunks.all().delete()
            Revision.objects.filter(id=revision.id, pages_findable__isnull=False).update(pages_findable=0)
        Chunk.objects.bulk_create(rows, batch_size=500)
        texts = revision.chunks.values_list("text", flat=True)
        revision.recipe, revision.languages = chunking.RECIPE, _languages(list(texts))
        revision.save(update_fields=["recipe", "languages"])


def _languages(texts: Sequence[str]) -> str:
    """The languages of a tenth of the texts or more, as in "en ja": a quotation makes no document bilingual."""
    counts = Counter(language_of(text) for text in texts)
    return " ".join(sorted(language for language, count in counts.items() if count >= len(texts) / 10))


def _missing_hashes(chunks: QuerySet[Chunk], build: IndexBuild) -> list[str]:
    ordered = chunks.order_by(-Length("text"), "ordinal").values_list("content_hash", flat=True)
    hashes = list(dict.fromkeys(ordered))
    known: set[str] = set()
    for start in range(0, len(hashes), _HASHES_AT_ONCE):
        some = hashes[start : start + _HASHES_AT_ONCE]
        known |= _copied(build, some)
        known |= set(build.vectors.filter(content_hash__in=some).values_list("content_hash", flat=True))
    return [value for value in hashes if value not in known]


def _copied(build: IndexBuild, hashes: Sequence[str]) -> set[str]:
    """Take over vectors of the same model from builds with other recipes: the content is the same."""
    others = ChunkVector.objects.filter(build__model=build.model, content_hash__in=hashes).exclude(build=build)
    rows = {
        row.content_hash: ChunkVector(build=build, content_hash=row.content_hash, vector=row.vector) for row in others
    }
    ChunkVector.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return set(rows)


def next_size(size: int, seconds: float) -> int:
    """How many texts to embed before the next look around, after `size` of them took so long."""
    if seconds < _QUICK_SECONDS:
        return min(size * 2, _TEXTS_AT_MOST)
    return max(size // 2, 1) if seconds > _SLOW_SECONDS else size


def _embedded(
    lease: Lease, chunks: QuerySet[Chunk], build: IndexBuild, hashes: Sequence[str], before: int
) -> embedding.Vectors:
    texts = {chunk.content_hash: chunk.context + chunk.text for chunk in chunks.filter(content_hash__in=hashes)}
    return embedding.embedder(build.model).passages(
        [texts[value] for value in hashes], on_batch=lambda done: lease.beat(chunks_done=before + done)
    )


def _store_vectors(build: IndexBuild, hashes: Sequence[str], vectors: embedding.Vectors) -> None:
    rows = [
        ChunkVector(build=build, content_hash=value, vector=vector.astype("<f4").tobytes())
        for value, vector in zip(hashes, vectors, strict=True)
    ]
    ChunkVector.objects.bulk_create(rows, ignore_conflicts=True)


def _vectors_of(build: IndexBuild, hashes: Iterable[str]) -> dict[str, embedding.Vectors]:
    rows = build.vectors.filter(content_hash__in=list(hashes)).values_list("content_hash", "vector")
    return {value: np.frombuffer(bytes(vector), dtype="<f4") for value, vector in rows}


def _point(chunk: Chunk, vector: embedding.Vectors, key: str, build: IndexBuild) -> Point:
    return Point(
        id=point_id(chunk.revision_id, chunk.ordinal, recipe_of(build)),
        revision_id=chunk.revision_id,
        ordinal=chunk.ordinal,
        access_key=key,
        language=language_of(chunk.text),
        dense=vector.tolist(),
        sparse=sparse.encode_passage(chunk.context + chunk.text),
    )
