"""What the assistant's HTTP API takes and gives, as OpenAPI shows it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from ingestion.filters import MOST_TAGS, Filter, filter_of
from ingestion.tags import CHARACTERS, key_of


def _is_word(given: str) -> str:
    # A filter of nothing would look like one that was applied.
    if not 0 < len(given) <= CHARACTERS or not key_of(given):
        raise ValueError(f"a word of 1 to {CHARACTERS} characters is expected")
    return given


FilterWord = Annotated[str, AfterValidator(_is_word)]
Box = tuple[float, float, float, float]


class FilterIn(Schema):
    """Which documents are searched: with all of these tags, in this language, of this department, for this product.

    Words are compared without case and width. The language is the one said of the document, else what it was found in.
    """

    tags: list[FilterWord] = Field(default_factory=list, max_length=MOST_TAGS)
    language: Literal["ja", "en"] | None = None
    department: FilterWord | None = None
    product: FilterWord | None = None

    def only(self) -> Filter:
        """The same as the search takes it."""
        return filter_of(self.dict(include={"tags", "language", "department", "product"}))


class SearchIn(FilterIn):
    """A search. `libraries` narrows it; left out or empty, it covers all you may read."""

    query: str
    libraries: list[str] | None = None
    limit: int = Field(10, ge=1, le=50)


class HitOut(Schema):
    """A passage found. `boxes` are PDF points on the page, origin top left."""

    rank: int
    score: float
    document: UUID
    title: str
    revision: int
    page: int
    heading: str
    text: str
    boxes: list[Box]


class SearchOut(Schema):
    """The passages, best first, and where the time went (milliseconds)."""

    hits: list[HitOut]
    timings: dict[str, float]
    note: str = Field("", description="Where nothing is found within a filter: that, and the way out.")


class AskIn(FilterIn):
    """A question. `conversation` continues one; `regenerate` (an answer's id) answers its question once more."""

    question: str = ""
    conversation: str | None = None
    libraries: list[str] | None = None
    model: str | None = Field(None, description="Name of an approved answer model; left out, the installation's own.")
    stream: bool = Field(False, description="True: answer as text/event-stream.")
    regenerate: str | None = None


class SentenceOut(Schema):
    """One sentence, whether the documents prove it, and if not, which checks failed."""

    text: str
    verdict: Literal["supported", "unsupported"]
    citations: list[int]
    reasons: list[dict[str, Any]] = Field(default_factory=list)


class CitationOut(Schema):
    """What proves a sentence. `quote` is copied from the page by the server; `url` opens the page.

    Where the document has been deleted or closed to you meanwhile, only the number is told.
    """

    number: int
    id: UUID
    document: UUID | None
    title: str
    revision: int | None
    page: int | None
    quote: str
    boxes: list[Box]
    url: str


class AskOut(Schema):
    """A whole answer. `nearest` lists the closest pages where it abstains."""

    conversation: UUID
    message: UUID
    question: UUID | None = None
    answer: str
    abstained: bool
    state: str = "complete"
    sentences: list[SentenceOut]
    citations: list[CitationOut]
    nearest: list[dict[str, Any]] = Field(default_factory=list)
    model: str
    timings: dict[str, float | None]


class ErrorFacts(Schema):
    """A stable code, what happened, what to do next, and the id that the log has too."""

    code: str
    message: str
    hint: str
    request_id: str


class ErrorOut(Schema):
    """Every failure has this shape."""

    error: ErrorFacts
