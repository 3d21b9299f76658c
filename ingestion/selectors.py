"""What a person may ask of the vault. Every function takes a Scope, or rows that came out of one."""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from ingestion import pictures, revealing
from ingestion.access import Scope, as_uuid
from ingestion.audit import record
from ingestion.errors import NotFound, PageMasked, PageUnreadable, error_named
from ingestion.files import file_path
from ingestion.filters import EVERYTHING, Filter, documents_within
from ingestion.index import Hit
from ingestion.layouts import drawn_as_read
from ingestion.lifecycle import Standing, effective, standing
from ingestion.models import Chunk, Document, IngestionRun, Library, Page, Revision, Status, User
from ingestion.parsing import Word
from ingestion.text import search_words

Box = pictures.Box
_WIDEST_BLANK = 2.0
# What a search needs of a chunk, its page and its document: the boxes of a page weigh more than all the rest.
_CHUNK_FACTS = (
    *("page_id", "ordinal", "start", "end", "heading"),
    *("page__number", "page__label", "page__text", "page__headings"),
    *("revision__number", "revision__document__title", "revision__document__library", "revision__document__current"),
    *(f"revision__document__{name}" for name in ("state", "effective_from", "effective_until")),
)


@dataclass(frozen=True, slots=True)
class RevisionState:
    """The newest revision's progress, as the API and the documents page show it.

    `pages_findable`: up to which page it is answered from; all of its pages once it is the current revision.
    """

    id: UUID
    number: int
    status: str
    pages_total: int | None
    pages_done: int
    pages_findable: int
    chunks: int
    queue_position: int | None
    error: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document and where its newest revision stands."""

    document: Document
    state: RevisionState


def libraries_list(scope: Scope) -> QuerySet[Library]:
    """The libraries in scope by name, each with `documents_count`."""
    return scope.libraries().annotate(documents_count=Count("documents", distinct=True))


def documents_list(scope: Scope, library_id: object, search: str = "") -> list[DocumentRow]:
    """The documents of a library whose title, file names or tags hold `search`, by title. Raises NotFound."""
    library = scope.library(library_id)
    found = scope.documents().filter(library=library).select_related("current", "library").prefetch_related("tags")
    for word in search_words(search):
        named = Q(title__icontains=word) | Q(revisions__filename__icontains=word)
        found = found.filter(named | Q(tags__name__icontains=word)).distinct()
    documents = list(found)
    states = revision_states(documents)
    return [DocumentRow(document, states[document.pk]) for document in documents if document.pk in states]


def revision_state(document: Document) -> RevisionState:
    """Where the newest revision of the document stands. Raises NotFound where the document is gone."""
    state = revision_states([document]).get(document.pk)
    if state is None:
        raise NotFound
    return state


def revision_states(documents: Iterable[Document]) -> dict[UUID, RevisionState]:
    """Where the newest revision of each document stands, keyed by document id, in five queries."""
    newest = Revision.objects.filter(document=OuterRef("document")).order_by("-number").values("id")[:1]
    newest_ones = Revision.objects.filter(document__in=list(documents), id=Subquery(newest))
    revisions = list(newest_ones.annotate(current=F("document__current")))
    runs = _newest_runs(revisions)
    places = _places()
    pages = _counts(Page.objects.filter(revision__in=revisions))
    chunks = _counts(Chunk.objects.filter(revision__in=revisions))
    return {
        revision.document_id: _state(revision, runs.get(revision.id), places, pages, chunks) for revision in revisions
    }


def page_of(scope: Scope, document_id: object, number: int, *, revision_id: UUID | None = None) -> Page:
    """A page of the current revision (or of the one named). Raises NotFound.

    Where no revision is current yet, the newest one's pages can be seen.
    """
    document = scope.document(document_id)
    revision = document.current_id or Subquery(document.revisions.order_by("-number").values("id")[:1])
    wanted = as_uuid(revision_id) if revision_id is not None else revision
    found = Page.objects.select_related("revision__document__library")
    page = found.filter(revision=wanted, revision__document=document, number=number).first()
    if page is None:
        raise NotFound
    return page


def page_image(
    scope: Scope,
    document_id: object,
    number: int,
    *,
    revision_id: UUID | None = None,
    boxes: Sequence[Box] = (),
    unmasked: bool = False,
) -> bytes:
    """The page as PNG, personal data painted over unless `unmasked`, these boxes (PDF points) highlighted. Audited.

    Boxes are left out where the page is drawn otherwise than when it was read. Raises NotFound, PageUnreadable;
    PageMasked where there may be something to paint over that nobody could read.
    """
    page = page_of(scope, document_id, number, revision_id=revision_id)
    if not (page.width and page.height):
        raise PageUnreadable
    if unmasked:
        revealing.reveal(scope, page, what="image")
    elif revealing.is_unreadable_behind_masks(page):
        raise PageMasked
    png = pictures.page_png(page)
    record_page_read(scope, page, what="image")
    if not unmasked:
        png = _covered(png, page)
    return pictures.highlighted(png, page, boxes) if boxes and drawn_as_read(page.revision) else png


def _covered(png: bytes, page: Page) -> bytes:
    """The picture with what is masked in the text painted over. Raises PageMasked where its place is not known."""
    places = [span_boxes(page, one.start, one.end) for one in revealing.hidden_on(page)]
    if not all(places):
        raise PageMasked
    return pictures.covered(png, page, [box for boxes in places for box in boxes]) if places else png


def page_thumbnail(page: Page) -> bytes:
    """The page as a small PNG: it is recognised, not read, and so not audited. Raises PageUnreadable, PageMasked.

    Masked all the same: of a slide, the largest words can be read.
    """
    if not (page.width and page.height):
        raise PageUnreadable
    if revealing.is_unreadable_behind_masks(page):
        raise PageMasked
    return _covered(pictures.thumbnail_png(page), page)


def record_page_read(scope: Scope, page: Page, *, what: str) -> None:
    """Write into the audit log that the person of this scope saw this page."""
    reader = User.objects.filter(pk=scope.user_id).first() if scope.user_id is not None else None
    subject = f"document:{page.revision.document_id}"
    record("page.read", actor=reader, subject=subject, revision=str(page.revision_id), page=page.number, what=what)


def original_file(scope: Scope, document_id: object, *, revision_id: UUID | None = None) -> tuple[str, str]:
    """(path on disk, file name) of the current or newest revision, or the one named. Raises NotFound.

    Of a library that masks personal data, for whom an owner allows to see it: a file is not masked.
    """
    document = scope.document(document_id)
    if not revealing.may_download(scope, document):
        raise NotFound
    revisions = document.revisions.order_by("-number")
    wanted = revision_id or document.current_id
    revision = revisions.filter(id=as_uuid(wanted)).first() if wanted else revisions.first()
    if revision is None or not file_path(revision).exists():
        raise NotFound
    return str(file_path(revision)), revision.filename


def page_words(page: Page) -> list[Word]:
    """The words of a page in text order, with their boxes."""
    rows = json.loads(zlib.decompress(page.words)) if page.words else []
    return [Word(*row) for row in rows]


def span_boxes(page: Page, start: int, end: int) -> list[Box]:
    """Boxes of the words in a span of the page's text, joined per line; none where the page is drawn otherwise now."""
    if not drawn_as_read(page.revision):
        return []
    lines: list[Box] = []
    for word in page_words(page):
        if word.start < end and word.end > start:
            box = _clipped(word, start, end)
            if lines and _same_line(lines[-1], box):
                lines[-1] = _union(lines[-1], box)
            else:
                lines.append(box)
    return lines


def chunks_of(scope: Scope, hits: Sequence[Hit]) -> dict[tuple[UUID, int], Chunk]:
    """The chunks behind hits, with page, revision and document, keyed by (revision id, ordinal).

    Only chunks of current revisions of documents in force, in scope: what the index holds of others is left out.
    """
    wanted: dict[UUID, set[int]] = defaultdict(set)
    for hit in hits:
        wanted[hit.revision_id].add(hit.ordinal)
    if not wanted:
        return {}
    named = Q(*(Q(revision_id=one, ordinal__in=numbers) for one, numbers in wanted.items()), _connector=Q.OR)
    found = Chunk.objects.filter(named).select_related("page", "revision__document").only(*_CHUNK_FACTS).order_by()
    # The rights stand in the joined rows. Asked for in the query, they make SQLite read every chunk in scope first.
    return {(chunk.revision_id, chunk.ordinal): chunk for chunk in found if _is_current(chunk.revision, scope)}


def out_of_force(scope: Scope) -> list[UUID]:
    """The current revisions in scope that are not answered from today, for a search to leave out.

    Without them among its hits a search keeps its recall: what is not in force does not crowd out what is.
    """
    told = scope.documents().exclude(effective()).exclude(current=None)
    return list(told.order_by().values_list("current_id", flat=True))


def languages_of(scope: Scope, only: Filter = EVERYTHING) -> set[str]:
    """The languages that what is answered from in scope is written in: "ja", "en"."""
    told = (
        documents_within(scope, only)
        .filter(effective())
        .exclude(current=None)
        .values_list("current__languages", flat=True)
        .order_by()
        .distinct()
    )
    return {language for languages in told for language in languages.split()}


def proved_only(scope: Scope, *, default: bool) -> bool:
    """Whether a library in scope withholds what is not proved. `default`: what those do that leave it to the model."""
    said = set(scope.libraries().values_list("proved_only", flat=True).order_by().distinct())
    return True in said or (default and None in said)


def _is_current(revision: Revision, scope: Scope) -> bool:
    """Whether this revision answers questions in this scope today."""
    document = revision.document
    current = document.library_id in scope.readable and document.current_id == revision.id
    return current and standing(document) == Standing.EFFECTIVE


def _newest_runs(revisions: Sequence[Revision]) -> dict[UUID, IngestionRun]:
    ids = IngestionRun.objects.filter(revision__in=revisions).values("revision").annotate(newest=Max("id"))
    runs = IngestionRun.objects.filter(id__in=[row["newest"] for row in ids])
    return {run.revision_id: run for run in runs}


def _places() -> dict[int, int]:
    """The place of each waiting run in the queue, from 1: libraries take turns, each with its oldest."""
    waiting = IngestionRun.objects.filter(status=Status.QUEUED, finished_at=None).order_by("id")
    ranks: Counter[UUID] = Counter()
    ranked = []
    for run_id, library_id in waiting.values_list("id", "revision__document__library"):
        ranks[library_id] += 1
        ranked.append((ranks[library_id], run_id))
    return {run_id: place for place, (_, run_id) in enumerate(sorted(ranked), start=1)}


def _counts(rows: QuerySet[Page] | QuerySet[Chunk]) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("revision").annotate(count=Count("id")))


def _state(
    revision: Revision,
    run: IngestionRun | None,
    places: dict[int, int],
    pages: dict[UUID, int],
    chunks: dict[UUID, int],
) -> RevisionState:
    failed = revision.status == Status.FAILED and run is not None and run.error_code
    return RevisionState(
        id=revision.id,
        number=revision.number,
        status=revision.status,
        pages_total=revision.pages_total,
        pages_done=pages.get(revision.id, 0),
        pages_findable=_pages_findable(revision, pages.get(revision.id, 0)),
        chunks=chunks.get(revision.id, 0),
        queue_position=places.get(run.pk) if run else None,
        error=_said(run) if failed and run else None,
    )


def _pages_findable(revision: Revision, pages: int) -> int:
    if revision.current != revision.id:  # type: ignore[attr-defined]  # annotated by revision_states
        return 0
    return pages if revision.pages_findable is None else revision.pages_findable


def _said(run: IngestionRun) -> dict[str, str]:
    message, hint = error_named(run.error_code, run.error_params).texts()
    return {"code": run.error_code, "message": message, "hint": hint}


def _clipped(word: Word, start: int, end: int) -> Box:
    """The part of a word's box that its characters inside [start, end) take, along its longer side."""
    length = max(1, word.end - word.start)
    first = max(0, start - word.start) / length
    last = min(length, end - word.start) / length
    if (word.y1 - word.y0) > (word.x1 - word.x0) and length > 1:  # set vertically
        height = word.y1 - word.y0
        return (word.x0, word.y0 + first * height, word.x1, word.y0 + last * height)
    width = word.x1 - word.x0
    return (word.x0 + first * width, word.y0, word.x0 + last * width, word.y1)


def _same_line(line: Box, box: Box) -> bool:
    height = min(line[3] - line[1], box[3] - box[1])
    shared = min(line[3], box[3]) - max(line[1], box[1])
    # A wide gap parts columns and cells: what lies between them is not part of the span.
    return shared > 0.5 * height and line[0] - 1 <= box[0] <= line[2] + _WIDEST_BLANK * height


def _union(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
