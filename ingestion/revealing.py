"""What is masked on a page, where it lies on its picture, and its text as it was read for whom an owner allows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.access import Scope
from ingestion.audit import record
from ingestion.errors import NotFound
from ingestion.masking import policy_of, revealed
from ingestion.models import Document, MaskedSpan, Page, PageStatus, PersonalData, User


@dataclass(frozen=True, slots=True)
class Hidden:
    """Characters [start, end) of a page's text that are masked, and what kind of personal data they are."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of personal data in words, and how often it is masked on a page."""

    label: str
    count: int


def hidden_on(page: Page) -> list[Hidden]:
    """What is masked on the page, in order."""
    rows = page.masked_spans.order_by("start").values_list("start", "end", "kind")
    return [Hidden(*row) for row in rows]


def kinds_on(page: Page) -> list[Kind]:
    """The kinds that are masked on the page, in the order of PersonalData."""
    counts = Counter(page.masked_spans.values_list("kind", flat=True))
    return [Kind(str(kind.label), counts[kind]) for kind in PersonalData if counts[kind]]


def is_unreadable_behind_masks(page: Page) -> bool:
    """Whether the page's picture may show what nobody could mask: its library masks, and its text was not read."""
    unread = page.status == PageStatus.FAILED or (page.status == PageStatus.EMPTY and not page.ocr)
    return bool(page.masking) and unread


def may_reveal(scope: Scope, page: Page) -> bool:
    """Whether the person of this scope may see what is masked on the page."""
    return page.revision.document.library_id in scope.revealed


def may_download(scope: Scope, document: Document) -> bool:
    """Whether the person of this scope may have the document's file, in which nothing is masked."""
    return document.library_id in scope.revealed or not policy_of(document.library_id).kinds


def reveal(scope: Scope, page: Page, *, what: str) -> Page:
    """The page with its text as it was read, not to be saved. Audited. Raises NotFound for whom no owner allows it."""
    if not may_reveal(scope, page):
        raise NotFound
    spans: Sequence[MaskedSpan] = list(page.masked_spans.order_by("start"))
    reader = User.objects.filter(pk=scope.user_id).first() if scope.user_id is not None else None
    record(
        "page.revealed",
        actor=reader,
        subject=f"document:{page.revision.document_id}",
        revision=str(page.revision_id),
        page=page.number,
        what=what,
        kinds=sorted({span.kind for span in spans}),
    )
    page.text = revealed(page.text, spans)
    return page
