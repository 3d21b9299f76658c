"""Question and scope → ranked passages: dense + sparse search, score fusion, neighbours merged."""

from dataclasses import dataclass
from uuid import UUID

from ingestion.access import Scope


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page found for a question: one chunk, or neighbouring chunks merged."""

    document_id: UUID
    document_title: str
    revision_id: UUID
    revision_number: int
    page: int
    page_label: str
    heading: str
    start: int
    end: int
    text: str
    score: float
    similarity: float


def retrieve(question: str, *, scope: Scope, limit: int) -> list[Passage]:
    """The passages that fit the question best, best first."""
    raise NotImplementedError
