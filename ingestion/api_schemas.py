"""What the vault's HTTP API takes and gives, as OpenAPI shows it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, WithJsonSchema, model_validator

from ingestion import description, tags
from ingestion.models import DocumentLanguage, DocumentState, Page, PersonalData
from ingestion.revealing import Hidden, hidden_on


class LibraryIn(Schema):
    """A new library."""

    name: str


class LibraryOut(Schema):
    """A library the person may read."""

    id: UUID
    name: str


class ReasonOut(Schema):
    """Why a revision failed or a file was not taken, in the caller's language."""

    code: str
    message: str
    hint: str


class RevisionBrief(Schema):
    """The newest revision."""

    id: UUID
    number: int
    status: str


class RevisionOut(RevisionBrief):
    """The newest revision and how far it is. `pages_findable`: up to which page it is searched and answered from."""

    pages_total: int | None
    pages_done: int
    pages_findable: int
    chunks: int
    queue_position: int | None
    error: ReasonOut | None


class DocumentBrief(Schema):
    """A document as an upload answers it."""

    id: UUID
    title: str
    revision: RevisionBrief


class TakenOut(DocumentBrief):
    """A file of an archive by its path there, as the document that it became, or (`existed`) already was."""

    name: str
    existed: bool


class RefusedOut(ReasonOut):
    """A file of an archive that was not taken, and why."""

    name: str


class ArchiveOut(Schema):
    """What became of every file of an archive."""

    documents: list[TakenOut]
    refused: list[RefusedOut]


class DocumentOut(Schema):
    """A document, whether it is in force, and where its newest revision stands.

    `effective`: whether it is searched and answered from today. `effective_until` is the last day. `language`: what was
    said of it, or null; `languages`: what a filter goes by, that or what it was found to be in.
    """

    id: UUID
    title: str
    library: UUID
    revision: RevisionOut
    state: str
    effective_from: date | None
    effective_until: date | None
    withdrawn_on: date | None
    effective: bool
    tags: list[str]
    responsible: str
    department: str
    product: str
    language: str | None
    languages: list[str]


def _is_text(given: Any) -> Any:
    # A number would be read as seconds since 1970.
    if given is not None and not isinstance(given, (str, date)):
        raise ValueError("a day is expected, as in 2026-11-27")
    return given


Day = Annotated[date | None, BeforeValidator(_is_text)]


def _is_tag(given: str) -> str:
    if not tags.key_of(given):
        raise ValueError("a tag has at least one letter or digit, and is more than a comma")
    return given


Tag = Annotated[str, Field(max_length=tags.CHARACTERS), AfterValidator(_is_tag)]
Words = Annotated[str, Field(max_length=description.CHARACTERS)]


# A text field of a form, which knows no types: `true` is a folder like any other.
Place = Annotated[str, WithJsonSchema({"description": "Where the file lay, as in pumps/P-101/manual.pdf."})]


class Changes(Schema):
    """What changes; what is left out stays."""

    @model_validator(mode="before")
    @classmethod
    def _is_an_object(cls, given: Any) -> Any:
        # Anything else would read as an object from which everything is left out.
        if isinstance(getattr(given, "_obj", given), (list, str, int, float, type(None))):
            raise ValueError("an object is expected")  # noqa: TRY004 - pydantic turns ValueErrors into refusals
        return given


class DocumentIn(Changes):
    """What changes of a document; what is left out stays. Dates are days at the site. `tags` replace the ones it has.

    `responsible`: who answers for its content. `language`: null where the one it was found to be in is right.
    """

    state: DocumentState = DocumentState.EFFECTIVE
    effective_from: Day = None
    effective_until: Day = None
    withdrawn_on: Day = None
    tags: list[Tag] = Field(default_factory=list)
    responsible: Words = ""
    department: Words = ""
    product: Words = ""
    language: DocumentLanguage | None = None


class MaskedOut(Schema):
    """Characters [start, end) of a page's text that are masked, and what kind of personal data they are."""

    start: int
    end: int
    kind: str


class MaskingOut(Schema):
    """What a library masks: kinds of personal data. `questions_searched`: whether it is searched for in questions."""

    kinds: list[str]
    questions_searched: bool


class MaskingIn(Changes):
    """What changes of what a library masks; what is left out stays. An empty list of kinds masks nothing."""

    kinds: list[PersonalData] = Field(default_factory=list)
    questions_searched: StrictBool = True


class PageOut(Schema):
    """One physical page of the current revision; width and height in points. `confidence`: of OCR, from 0 to 1.

    `masked`: the personal data that is masked in `text`, or, where the page was asked for with `reveal`, shown in it.
    """

    number: int
    text: str
    width: float
    height: float
    ocr: bool
    confidence: float | None
    status: str
    masked: list[MaskedOut]

    @staticmethod
    def resolve_masked(page: Page) -> list[Hidden]:
        """From rows of their own."""
        return hidden_on(page)


class TagOut(Schema):
    """A tag, and how many documents have it that you may read and that are answered from today."""

    name: str
    documents: int
