"""What a person may ask of the vault. Every function takes a Scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ingestion.access import Scope
from ingestion.index import Hit
from ingestion.models import Chunk, Document, Page

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RevisionState:
    """The newest revision's progress, as the API and the documents page show it."""

    id: UUID
    number: int
    status: str
    pages_total: int | None
    pages_done: int
    chunks: int
    queue_position: int | None
    error: dict[str, str] | None


def revision_state(document: Document) -> RevisionState:
    """Where the newest revision of the document stands."""
    raise NotImplementedError


def page_of(scope: Scope, document_id: object, number: int, *, revision_id: UUID | None = None) -> Page:
    """A page of the current revision (or of the one named). Raises NotFound."""
    raise NotImplementedError


def page_image(
    scope: Scope, document_id: object, number: int, *, revision_id: UUID | None = None, boxes: Sequence[Box] = ()
) -> bytes:
    """The page as PNG, with these boxes (PDF points) highlighted. Raises NotFound, PageUnreadable."""
    raise NotImplementedError


def span_boxes(page: Page, start: int, end: int) -> list[Box]:
    """Boxes of the words in a span of the page's text, joined per line."""
    raise NotImplementedError


def chunks_of(scope: Scope, hits: Sequence[Hit]) -> dict[tuple[UUID, int], Chunk]:
    """The chunks behind hits, with page, revision and document, keyed by (revision id, ordinal).

    Only chunks of current revisions in scope: what the index still holds of others is left out.
    """
    raise NotImplementedError
