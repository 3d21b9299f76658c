"""Search without an answer: the passages that fit, with their places on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from assistant.questions import cleaned
from assistant.retrieval import Passage, retrieve
from ingestion.access import Scope
from ingestion.filters import EVERYTHING, Filter
from ingestion.models import Page
from ingestion.selectors import Box, span_boxes


@dataclass(frozen=True, slots=True)
class Place:
    """A passage found and the boxes (PDF points) of its lines on the page."""

    rank: int
    passage: Passage
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, best first, and the milliseconds it took."""

    places: tuple[Place, ...]
    timings: dict[str, float]


def search(query: str, *, scope: Scope, limit: int, only: Filter = EVERYTHING) -> Searched:
    """The passages for a query. Raises QuestionEmpty, QuestionTooLong, EmbedderUnavailable, IndexUnavailable."""
    started = perf_counter()
    passages = retrieve(cleaned(query), scope=scope, limit=limit, only=only)
    retrieved = perf_counter()
    pages = _pages(passages, scope)
    places = tuple(Place(rank, passage, _boxes(passage, pages)) for rank, passage in enumerate(passages, start=1))
    done = perf_counter()
    return Searched(places, {"retrieve_ms": _ms(retrieved - started), "total_ms": _ms(done - started)})


def _pages(passages: Sequence[Passage], scope: Scope) -> dict[int, Page]:
    read = ("words", "revision__layout", "revision__filename", "revision__pages_total")
    found = Page.objects.filter(revision__document__library_id__in=scope.readable).select_related("revision")
    return found.only(*read).in_bulk({passage.page_id for passage in passages})


def _boxes(passage: Passage, pages: dict[int, Page]) -> tuple[Box, ...]:
    page = pages.get(passage.page_id)
    return tuple(span_boxes(page, passage.start, passage.end)) if page else ()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
