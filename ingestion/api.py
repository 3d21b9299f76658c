"""The HTTP API of libraries, documents and pages. `request.auth` is the person: everything goes through their Scope."""

from dataclasses import asdict, replace
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import BeforeValidator, Field, StrictBool, model_validator

from ingestion import archives, personal, revealing, selectors, services
from ingestion.access import Scope, scope_for
from ingestion.errors import ArchiveNotHere, FileNotSent
from ingestion.lifecycle import Standing, lifecycle_of, standing
from ingestion.limits import allow
from ingestion.models import Document, DocumentState, MaskingPolicy, Page, PersonalData, User
from ingestion.revealing import Hidden, hidden_on

router = Router(tags=["documents"])
_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


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

    `effective`: whether it is searched and answered from today. `effective_until` is the last day.
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


def _is_text(given: Any) -> Any:
    # A number would be read as seconds since 1970.
    if given is not None and not isinstance(given, (str, date)):
        raise ValueError("a day is expected, as in 2026-11-27")
    return given


Day = Annotated[date | None, BeforeValidator(_is_text)]


class Changes(Schema):
    """What changes; what is left out stays."""

    @model_validator(mode="before")
    @classmethod
    def _is_an_object(cls, given: Any) -> Any:
        # Anything else would read as an object from which everything is left out.
        if isinstance(getattr(given, "_obj", given), (list, str, int, float, type(None))):
            raise ValueError("an object is expected")  # noqa: TRY004 - pydantic turns ValueErrors into refusals
        return given


class LifecycleIn(Changes):
    """What changes of a document's lifecycle; what is left out stays. Dates are days at the site."""

    state: DocumentState = DocumentState.EFFECTIVE
    effective_from: Day = None
    effective_until: Day = None
    withdrawn_on: Day = None


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


@router.post("/libraries", response={201: LibraryOut})
def library_create(request: HttpRequest, payload: LibraryIn) -> Status[Any]:
    """Make a library; its maker owns it."""
    return Status(HTTPStatus.CREATED, services.library_create(user=_user(request), name=payload.name))


@router.get("/libraries", response=list[LibraryOut])
def libraries(request: HttpRequest) -> Any:
    """The libraries you may read, by name."""
    return list(selectors.libraries_list(_scope(request)))


@router.get("/libraries/{library_id}/documents", response=list[DocumentOut])
def documents(request: HttpRequest, library_id: str, search: str = "") -> Any:
    """The documents of a library whose title or file name holds every word of `search`."""
    rows = selectors.documents_list(_scope(request), library_id, search)
    return [_document(row.document, row.state) for row in rows]


@router.post("/libraries/{library_id}/documents", response={200: DocumentBrief, 202: DocumentBrief})
def document_add(request: HttpRequest, library_id: str, file: File[UploadedFile]) -> Status[Any]:
    """Take a file in. 202: it is queued. 200: these bytes are already a document of the library.

    A ZIP archive is refused here (`archive_not_here`): send it to `archives`.
    """
    allow(request, _user(request), "upload")
    added = services.document_add(
        user=_user(request), scope=_scope(request), library_id=library_id, **_upload_facts(file)
    )
    return _added(added)


@router.post("/libraries/{library_id}/archives", response={200: ArchiveOut, 202: ArchiveOut})
def archive_add(request: HttpRequest, library_id: str, file: File[UploadedFile]) -> Status[Any]:
    """Take each file of a ZIP archive in as a document. 202: some are queued. 200: all that was taken is there already.

    What is not taken is told with its reason. A file that is no archive is one document.
    """
    allow(request, _user(request), "upload")
    facts = _file_facts(file)
    found = archives.archive_add(user=_user(request), scope=_scope(request), library_id=library_id, **facts)
    queued = any(not one.added.existed for one in found.taken)
    said = {"documents": map(_taken, found.taken), "refused": map(_refused, found.refused)}
    return Status(HTTPStatus.ACCEPTED if queued else HTTPStatus.OK, {name: list(rows) for name, rows in said.items()})


@router.put(
    "/documents/{document_id}/file", response={200: DocumentBrief, 202: DocumentBrief}, openapi_extra=_FILE_BODY
)
def document_replace(request: HttpRequest, document_id: str) -> Status[Any]:
    """Take a file in as a new revision; the old one is served until the switch. 200: it is the newest already."""
    scope = _scope(request)
    scope.document(document_id, to_change=True)  # before the body is read
    allow(request, _user(request), "upload")
    added = services.document_replace(
        user=_user(request), scope=scope, document_id=document_id, **_upload_facts(_file_of(request))
    )
    return _added(added)


@router.get("/documents/{document_id}", response=DocumentOut)
def document(request: HttpRequest, document_id: str) -> Any:
    """A document and how far its newest revision is: queued, parsing, embedding, indexing, ready, failed, cancelled."""
    found = _scope(request).document(document_id)
    return _document(found, selectors.revision_state(found))


@router.patch("/documents/{document_id}", response=DocumentOut)
def document_declare(request: HttpRequest, document_id: str, payload: LifecycleIn) -> Any:
    """Say whether and when a document is effective: state (draft, effective, withdrawn) and days. Audited."""
    scope = _scope(request)
    before = lifecycle_of(scope.document(document_id, to_change=True))
    said = replace(before, **payload.dict(exclude_unset=True))
    services.document_declare(user=_user(request), scope=scope, document_id=document_id, said=said)
    return document(request, document_id)


@router.delete("/documents/{document_id}", response={204: None})
def document_delete(request: HttpRequest, document_id: str) -> Status[None]:
    """Remove a document with all its revisions: rows, files and vectors."""
    services.document_delete(user=_user(request), scope=_scope(request), document_id=document_id)
    return Status(HTTPStatus.NO_CONTENT, None)


@router.post("/documents/{document_id}/cancel", response={202: DocumentOut})
def document_cancel(request: HttpRequest, document_id: str) -> Status[Any]:
    """Ask the run on its way to stop. What is answered from stays as it is."""
    scope = _scope(request)
    services.document_cancel(user=_user(request), scope=scope, document_id=document_id)
    return Status(HTTPStatus.ACCEPTED, document(request, document_id))


@router.post("/documents/{document_id}/retry", response={202: DocumentOut})
def document_retry(request: HttpRequest, document_id: str) -> Status[Any]:
    """Run the newest revision again; what is done stays done."""
    services.document_retry(user=_user(request), scope=_scope(request), document_id=document_id)
    return Status(HTTPStatus.ACCEPTED, document(request, document_id))


@router.get("/documents/{document_id}/pages/{int:number}", response=PageOut)
def page(request: HttpRequest, document_id: str, number: int, reveal: bool = False) -> Any:
    """One page's text, personal data in it as the library says. Audited.

    `reveal`: as it was read, for the library's owners and whom they allow it; audited by itself.
    """
    scope = _scope(request)
    found = selectors.page_of(scope, document_id, number)
    selectors.record_page_read(scope, found, what="text")
    return revealing.reveal(scope, found, what="text") if reveal else found


@router.get("/libraries/{library_id}/masking", response=MaskingOut)
def masking(request: HttpRequest, library_id: str) -> Any:
    """Which personal data a library masks."""
    library = _scope(request).library(library_id)
    return MaskingPolicy.objects.filter(library=library).first() or MaskingPolicy(library=library)


@router.patch("/libraries/{library_id}/masking", response=MaskingOut)
def masking_set(request: HttpRequest, library_id: str, payload: MaskingIn) -> Any:
    """Mask these kinds from now on; documents whose masks change are indexed again. Audited."""
    before = masking(request, library_id)
    facts = {"kinds": before.kinds, "questions_searched": before.questions_searched}
    facts |= payload.dict(exclude_unset=True)
    return personal.library_mask(user=_user(request), scope=_scope(request), library_id=library_id, **facts)


def _user(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by the API's authentication


def _scope(request: HttpRequest) -> Scope:
    return scope_for(_user(request))


def _document(found: Document, state: selectors.RevisionState) -> dict[str, Any]:
    said = {"id": found.pk, "title": found.title, "library": found.library_id, "revision": state}
    return said | asdict(lifecycle_of(found)) | {"effective": standing(found) == Standing.EFFECTIVE}


def _added(added: services.Added) -> Status[dict[str, Any]]:
    return Status(HTTPStatus.OK if added.existed else HTTPStatus.ACCEPTED, _brief(added))


def _brief(added: services.Added) -> dict[str, Any]:
    state = selectors.revision_state(added.document)
    return {"id": added.document.pk, "title": added.document.title, "revision": state}


def _taken(one: archives.Taken) -> dict[str, Any]:
    return {**_brief(one.added), "name": one.name, "existed": one.added.existed}


def _refused(one: archives.Refused) -> dict[str, str]:
    message, hint = one.error.texts()
    return {"name": one.name, "code": one.error.code, "message": message, "hint": hint}


def _upload_facts(file: "DjangoFile[Any]") -> dict[str, Any]:
    """One document's file. Raises ArchiveNotHere where its name says that it is several."""
    if archives.is_named_archive(file.name or ""):
        raise ArchiveNotHere
    return _file_facts(file)


def _file_facts(file: "DjangoFile[Any]") -> dict[str, Any]:
    return {"file": cast("BinaryIO", file), "filename": file.name or "", "size": file.size or 0}


def _file_of(request: HttpRequest) -> "DjangoFile[Any]":
    """The part `file` of a PUT, which Django parses for POST only. Raises FileNotSent."""
    try:
        handlers = request.upload_handlers
        _, files = MultiPartParser(request.META, request, handlers, request.encoding or "utf-8").parse()
    except MultiPartParserError:
        raise FileNotSent from None
    file = files.get("file")
    if not isinstance(file, DjangoFile):
        raise FileNotSent
    return file
