"""Pages of a run: read in the reading process, written some at a time, each with its place in the ledger."""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, groupby
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ingestion.errors import NoText, OcrNeeded, PageNeedsOcr, error_named
from ingestion.files import disk_full_named, file_there, font_path, title_from
from ingestion.leases import TURN_SECONDS, Lease, WorkerStopping
from ingestion.masking import mask, masked_text, policy_of
from ingestion.models import Document, MaskedSpan, Page, PageStatus, Revision
from ingestion.parsing import ParsedPage
from ingestion.parsing.ocr import OcrOptions
from ingestion.progress import last_cut, read_whole
from ingestion.text import one_line

_PAGES_AT_ONCE = 20
_PAGES_SECONDS = 1.0
# A portion is this many times what was read before it, and takes as long as opening the file took, this many times.
_GROWTH = 4
_OPENINGS = 1.0
_OUTDATED = "outdated"
# Enough to see what it is about: it is shown to owners, never searched.
_UNSEEN_CHARACTERS = 2000
_TITLE_CHARACTERS = range(4, 121)
_MACHINE_MADE = ("untitled", "microsoft word", "microsoft powerpoint", "powerpoint", "無題", "(anonymous)", "unknown")
_SUFFIXES = (
    *(".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".indd", ".tex", ".dvi", ".pdf"),
    *(".html", ".htm", ".epub", ".eml", ".msg"),
)


def read_pages(lease: Lease, revision: Revision, *, some: bool = False) -> None:
    """Write the pages that are not there yet, or `some` of them.

    Raises UnreadableFile, FileMissing, OcrNeeded, NoText.
    """
    if not read_whole(revision):
        _read_missing(lease, revision, some=some)
    if read_whole(revision):
        _check_text(revision)


def forget_failed(revision: Revision, numbers: Collection[int] = ()) -> None:
    """Take pages that could not be read (all, or those of `numbers`) out of the ledger: a new run reads only them.

    Pages without text that OCR has not looked at are among them: there may have been no OCR when they were read.
    """
    unread = revision.pages.filter(Q(status=PageStatus.FAILED) | Q(status=PageStatus.EMPTY, ocr=False))
    (unread.filter(number__in=numbers) if numbers else unread).delete()


def storable(text: str) -> str:
    """The text as every database takes it, character for character as long: no NUL, no lone surrogate."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


class _Portion:
    """How much is read before it is indexed: at first a page, each time some times what is there already.

    But never less than takes as long as opening the file did, so that opening it again costs little beside it; and
    where reading is slow, half a minute's work.
    """

    def __init__(self, there: int, opening: float) -> None:
        self._pages = max(1, _GROWTH * there)
        self._least, self._most = monotonic() + opening * _OPENINGS, monotonic() + TURN_SECONDS
        self._read = 0
        self.has_text = False

    def full_with(self, page: ParsedPage) -> bool:
        """Count the page; whether it is the last one for now. Without any text there would be nothing to index."""
        self._read += 1
        self.has_text = self.has_text or bool(page.text.strip())
        now = monotonic()
        enough = self._read >= self._pages and now >= self._least
        return self.has_text and (enough or now >= self._most)


def _read_missing(lease: Lease, revision: Revision, *, some: bool) -> None:
    from ingestion.parsing.isolated import IsolatedReader

    began = monotonic()
    reader = IsolatedReader(
        file_there(revision),
        revision.filename,
        font=font_path(),
        memory_bytes=settings.PARSE_MEMORY_BYTES,
        timeout=settings.PARSE_TIMEOUT,
        ocr=OcrOptions(settings.OCR_ENGINE, settings.OCR_LANGUAGES),
        on_wait=lease.beat,  # a page read by OCR takes seconds: a person who stops it does not wait for its end
    )
    with disk_full_named(), reader as opened:
        opening = monotonic() - began
        _opened(revision, opened.page_count, opened.title, opened.layout)
        there = set(revision.pages.values_list("number", flat=True))
        missing = chain.from_iterable(opened.pages(*gap) for gap in _gaps(there, opened.page_count))
        _write(lease, revision, missing, len(there), _Portion(len(there), opening) if some else None)
    lease.beat(force=True, pages_done=revision.pages.count())


def _write(lease: Lease, revision: Revision, pages: Iterable[ParsedPage], there: int, portion: _Portion | None) -> None:
    """Write the pages as they are read: all of them, or until the portion is full."""
    batch: list[ParsedPage] = []
    written = monotonic()
    try:
        for done, page in enumerate(pages, start=there + 1):
            batch.append(page)
            lease.beat(pages_done=done)
            if portion and portion.full_with(page):
                break
            if len(batch) >= _PAGES_AT_ONCE or monotonic() - written > _PAGES_SECONDS:
                _store_pages(revision, batch)
                batch, written = [], monotonic()
                if not (portion and portion.has_text):  # a portion ends soon by itself
                    lease.give_way()
    except WorkerStopping:  # what is read is kept
        _store_pages(revision, batch)
        raise
    _store_pages(revision, batch)


def _gaps(there: Collection[int], last: int) -> Iterator[tuple[int, int]]:
    """The stretches (first, last) of page numbers that are not there."""
    missing = [number for number in range(1, last + 1) if number not in there]
    for _, stretch in groupby(enumerate(missing), key=lambda placed: placed[1] - placed[0]):
        numbers = [number for _, number in stretch]
        yield numbers[0], numbers[-1]


def _opened(revision: Revision, page_count: int, title: str, layout: str) -> None:
    with transaction.atomic():
        revision.pages_total = page_count
        if not revision.pages.exists():  # pages that are there were set as it says already
            revision.layout = layout
        revision.save(update_fields=["pages_total", "layout"])
        if revision.number == 1 and _is_title(title):
            named = title_from(revision.filename)
            shown = masked_text(one_line(title), policy_of(revision.document.library_id))
            Document.objects.filter(id=revision.document_id, title=named).update(title=shown)


def _is_title(title: str) -> bool:
    """A title written for people: many files carry the program's or the template's name instead."""
    lowered = one_line(title).casefold()
    return (
        len(lowered) in _TITLE_CHARACTERS
        and not lowered.startswith(_MACHINE_MADE)
        and not lowered.endswith(_SUFFIXES)
        and sum(char.isalpha() for char in lowered) * 2 > len(lowered)
    )


def _store_pages(revision: Revision, pages: Sequence[ParsedPage]) -> None:
    rows, policy = [_page_row(revision, page) for page in pages], policy_of(revision.document.library_id)
    hidden = [span for row in rows for span in mask(row, policy)]  # what is to be masked is never written unmasked
    with transaction.atomic():
        Page.objects.bulk_create(rows, ignore_conflicts=True)
        _store_hidden(revision, hidden)
        if revision.recipe and _between_chunks(revision, rows):
            revision.recipe = _OUTDATED  # chunks of later pages are there: they are cut again
            revision.save(update_fields=["recipe"])


def _between_chunks(revision: Revision, rows: Sequence[Page]) -> bool:
    last = last_cut(revision)
    return any(row.status == PageStatus.INDEXED and row.number < last for row in rows)


def _store_hidden(revision: Revision, hidden: Sequence[MaskedSpan]) -> None:
    numbers = {span.page.number for span in hidden}
    ids = dict(revision.pages.filter(number__in=numbers).values_list("number", "id"))
    for span in hidden:
        span.page_id = ids[span.page.number]
    MaskedSpan.objects.bulk_create(hidden, batch_size=500, ignore_conflicts=True)


def _page_row(revision: Revision, page: ParsedPage) -> Page:
    text = storable(page.text)
    status = PageStatus.FAILED if page.reason else PageStatus.INDEXED if text.strip() else PageStatus.EMPTY
    return Page(
        revision=revision,
        number=page.number,
        label=storable(page.label)[:200],
        text=text,
        width=page.width,
        height=page.height,
        ocr=page.ocr,
        confidence=page.confidence,
        status=status,
        reason=page.reason[:40],
        unseen=storable(page.unseen)[:_UNSEEN_CHARACTERS],
        words=_packed([[w.start, w.end, w.x0, w.y0, w.x1, w.y1] for w in page.words]),
        headings=[[heading.start, heading.level, storable(heading.text)] for heading in page.headings],
    )


def _packed(rows: list[list[Any]]) -> bytes:
    if not rows:
        return b""
    rounded = [[*row[:2], *(round(value, 2) for value in row[2:])] for row in rows]
    return zlib.compress(json.dumps(rounded, separators=(",", ":")).encode(), level=1)


def _check_text(revision: Revision) -> None:
    pages = revision.pages
    if pages.filter(status=PageStatus.INDEXED).exists():
        return
    unread = pages.filter(reason=PageNeedsOcr.code).count()
    if unread:
        raise OcrNeeded(pages=unread)
    failed = pages.filter(status=PageStatus.FAILED).first()
    if failed is not None and not pages.filter(status=PageStatus.EMPTY).exists():
        raise error_named(failed.reason)
    raise NoText
