"""Pages become chunks: within one page, along headings and sentences, with the character span kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingestion.parsing import ParsedPage

RECIPE = "chunks-1"


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """`text == page.text[start:end]`. `embedded_text` is the context line (title, heading path) and the text."""

    page: int
    start: int
    end: int
    text: str
    heading: str
    embedded_text: str


def chunk_pages(
    pages: Iterable[ParsedPage], *, title: str, count_tokens: Callable[[Sequence[str]], list[int]]
) -> Iterator[ChunkDraft]:
    """Cut pages, in order, into chunks the embedder can read whole. The heading path runs on from page to page."""
    raise NotImplementedError
