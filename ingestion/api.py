"""The HTTP API of libraries, documents and pages. `request.auth` is the person: everything goes through their Scope."""

from dataclasses import asdict, fields, replace
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.db import transaction
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from ninja import File, Router, Status
from ninja.files import UploadedFile
from ninja.params.functions import Form

from ingestion import archives, describing, personal, revealing, selectors, services, tags
from ingestion.access import Scope, scope_for
from ingestion.api_schemas import (
    ArchiveOut,
    DocumentBrief,
    DocumentIn,
    DocumentOut,
    LibraryIn,
    LibraryOut,
    MaskingIn,
    MaskingOut,
    PageOut,
    Place,
    TagOut,
)
from ingestion.description import Description, description_of, written_in
from ingestion.errors import ArchiveNotHere, FileNotSent
from ingestion.filters import choices
from ingestion.lifecycle import Lifecycle, Standing, lifecycle_of, standing
from ingestion.limits import allow
from ingestion.models import Document, MaskingPolicy, User

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
def document_add(
    request: HttpRequest, library_id: str, file: File[UploadedFile], path: Place = Form("")
) -> Status[Any]:
    """Take a file in. 202: it is queued. 200: these bytes are already a document of the library.

    `path`: where it lay, as in `pumps/P-101/manual.pdf`; its folders become tags.
    A ZIP archive is refused here (`archive_not_here`): send it to `archives`.
    """
    allow(request, _user(request), "upload")
    facts = {**_upload_facts(file), "tagged": tags.of_folders(path)}
    added = services.document_add(user=_user(request), scope=_scope(request), library_id=library_id, **facts)
    return _answer(added)


@router.post("/libraries/{library_id}/archives", response={200: ArchiveOut, 202: ArchiveOut})
def archive_add(request: HttpRequest, library_id: str, file: File[UploadedFile], path: Place = Form("")) -> Status[Any]:
    """Take each file of a ZIP archive in as a document. 202: some are queued. 200: all that was taken is there already.

    What is not taken is told with its reason. A file that is no archive is one document. Folders in the archive become
    tags, and those of `path`, where it lay.
    """
    allow(request, _user(request), "upload")
    facts = {**_file_facts(file), "tagged": tags.of_folders(path)}
    found = archives.archive_add(user=_user(request), scope=_scope(request), library_id=library_id, **facts)
    return _answer(found)


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
    return _answer(added)


@router.get("/tags", response=list[TagOut])
def tags_list(request: HttpRequest) -> Any:
    """The tags of the documents you may read that are answered from today, the most used first."""
    return [{"name": name, "documents": count} for name, count in choices(_scope(request)).tags.items()]


@router.get("/documents/{document_id}", response=DocumentOut)
def document(request: HttpRequest, document_id: str) -> Any:
    """A document and how far its newest revision is: queued, parsing, embedding, indexing, ready, failed, cancelled."""
    found = _scope(request).document(document_id)
    return _document(found, selectors.revision_state(found))


@router.patch("/documents/{document_id}", response=DocumentOut)
def document_change(request: HttpRequest, document_id: str, payload: DocumentIn) -> Any:
    """Say whether and when a document is effective, and what it is about: tags, responsible person and so on. Audited.

    State (draft, effective, withdrawn) and days decide whether it is answered from; the rest is what is filtered by.
    """
    scope = _scope(request)
    found = scope.document(document_id, to_change=True)
    act: dict[str, Any] = {"user": _user(request), "scope": scope, "document_id": document_id}
    with transaction.atomic():
        if said := _sent(payload, Description):
            describing.document_describe(**act, said=replace(description_of(found), **said))
        if said := _sent(payload, Lifecycle):
            services.document_declare(**act, said=replace(lifecycle_of(found), **said))
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
    said |= asdict(lifecycle_of(found)) | {"effective": standing(found) == Standing.EFFECTIVE}
    said |= asdict(description_of(found)) | {"languages": written_in(found)}
    return said | {"language": found.language or None}


def _sent(payload: DocumentIn, kind: type[Lifecycle] | type[Description]) -> dict[str, Any]:
    """What was sent of the fields of this kind; words that are null are empty."""
    sent = payload.dict(exclude_unset=True, include={one.name for one in fields(kind)})
    if kind is Description:
        sent = {name: tuple(value) if name == "tags" else value or "" for name, value in sent.items()}
    return sent


def answer_of(taken: services.Added | archives.ArchiveAdded) -> tuple[int, dict[str, Any]]:
    """Status and body that tell what became of an upload: 202 where something is queued, 200 where all was there."""
    if isinstance(taken, services.Added):
        return HTTPStatus.OK if taken.existed else HTTPStatus.ACCEPTED, _brief(taken)
    queued = any(not one.added.existed for one in taken.taken)
    said = {"documents": [*map(_taken, taken.taken)], "refused": [*map(_refused, taken.refused)]}
    return HTTPStatus.ACCEPTED if queued else HTTPStatus.OK, said


def _answer(taken: services.Added | archives.ArchiveAdded) -> Status[dict[str, Any]]:
    return Status(*answer_of(taken))


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
