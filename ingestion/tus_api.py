"""Uploads in pieces over HTTP, as the tus protocol 1.0.0 has it: core, creation, expiration, termination.

After the last piece the file is taken in as by the ordinary upload. What that would have answered, GET tells, also to a
sender whose connection broke before the answer came.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from ninja import Router, Schema

from ingestion import partial_uploads, pieces
from ingestion.access import scope_for
from ingestion.api import answer_of
from ingestion.api_schemas import ArchiveOut, DocumentBrief, ReasonOut
from ingestion.archives import ArchiveAdded
from ingestion.errors import TenkyoError, UploadHeader, UploadProtocol, UploadType, error_named
from ingestion.limits import allow
from ingestion.models import PartialUpload, User
from ingestion.partial_uploads import Announced

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE_TYPE = "application/offset+octet-stream"
_SHA256 = re.compile("[0-9a-f]{64}|")
router = Router(tags=["uploads in pieces"])


class OutcomeOut(Schema):
    """What became of the file: the status and body that the ordinary upload would have answered, or why it failed."""

    status: int
    document: DocumentBrief | None = None
    archive: ArchiveOut | None = None
    error: ReasonOut | None = None


class PartialOut(Schema):
    """How much of a file has arrived, and at the end what became of it."""

    filename: str
    size: int
    received: int
    expires_at: datetime
    outcome: OutcomeOut | None


@router.api_operation(["OPTIONS"], "/libraries/{library_id}/uploads", response={204: None})
def upload_options(request: HttpRequest, library_id: str) -> HttpResponse:
    """Which version of tus is spoken, with which extensions, and how large a file may be."""
    scope_for(_user(request)).library(library_id, to_change=True)
    said = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(settings.UPLOAD_LIMIT_BYTES)}
    return _answer(HTTPStatus.NO_CONTENT, said)


@router.post("/libraries/{library_id}/uploads", response={201: None})
def upload_begin(request: HttpRequest, library_id: str) -> HttpResponse:
    """Announce a file that will be sent in pieces: Upload-Length, and in Upload-Metadata filename, path, sha256."""
    return _begun(request, library_id=library_id)


@router.post("/documents/{document_id}/uploads", response={201: None})
def upload_begin_revision(request: HttpRequest, document_id: str) -> HttpResponse:
    """The same for the next revision of a document."""
    return _begun(request, document_id=document_id)


@router.get("/uploads/{upload_id}", response=PartialOut)
def upload(request: HttpRequest, upload_id: str) -> Any:
    """How much has arrived, and what became of the file once all of it had."""
    found = _own(request, upload_id)
    said = {"filename": found.filename, "size": found.size, "received": pieces.received(found)}
    return said | {"expires_at": pieces.expires_at(found), "outcome": _told(found)}


@router.api_operation(["HEAD"], "/uploads/{upload_id}", response={200: None})
def upload_offset(request: HttpRequest, upload_id: str) -> HttpResponse:
    """How much has arrived: Upload-Offset."""
    found = _own(request, upload_id)
    _spoken(request)
    said = {"Upload-Length": str(found.size), "Cache-Control": "no-store"}
    return _answer(HTTPStatus.OK, {**said, **_stands(found, pieces.received(found))})


@router.patch("/uploads/{upload_id}", response={204: None})
def upload_append(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Send the piece that begins at Upload-Offset. With the last one the file is taken in; GET tells as what.

    A piece of no bytes at the end takes the file in where that failed in passing.
    """
    found = _own(request, upload_id)
    _spoken(request)
    if request.content_type != PIECE_TYPE:
        raise UploadType
    offset = _number(request, "Upload-Offset")
    if found.outcome is not None:
        return _answer(HTTPStatus.NO_CONTENT, _stands(found, found.size))
    arrived = partial_uploads.upload_append(upload=found, piece=cast("BinaryIO", request), offset=offset)
    if arrived == found.size:
        _finish(request, found)
    return _answer(HTTPStatus.NO_CONTENT, _stands(found, arrived))


@router.delete("/uploads/{upload_id}", response={204: None})
def upload_cancel(request: HttpRequest, upload_id: str) -> HttpResponse:
    """Forget what has arrived. What was taken in already stays."""
    found = _own(request, upload_id)
    _spoken(request)
    partial_uploads.upload_end(upload=found, outcome=None)
    return _answer(HTTPStatus.NO_CONTENT, {})


def _begun(request: HttpRequest, **where: object) -> HttpResponse:
    user, scope = _user(request), scope_for(_user(request))
    # What may not be reached answers before anything else is looked at.
    (scope.library if "library_id" in where else scope.document)(*where.values(), to_change=True)
    _spoken(request)
    announced = _announced(request)
    allow(request, user, "upload")
    made = partial_uploads.upload_begin(user=user, scope=scope, announced=announced, **where)
    return _answer(HTTPStatus.CREATED, {**_stands(made, 0), "Location": f"/api/v1/uploads/{made.pk}"})


def _finish(request: HttpRequest, found: PartialUpload) -> None:
    try:
        taken = partial_uploads.upload_finish(user=_user(request), scope=scope_for(_user(request)), upload=found)
    except TenkyoError as error:
        if not error.transient:
            failed = {"status": error.status, "code": error.code, "params": error.params}
            partial_uploads.upload_end(upload=found, outcome=failed)
        raise
    status, body = answer_of(taken)
    kind, schema = ("archive", ArchiveOut) if isinstance(taken, ArchiveAdded) else ("document", DocumentBrief)
    kept = schema.model_validate(body, from_attributes=True).model_dump(mode="json")
    partial_uploads.upload_end(upload=found, outcome={"status": int(status), kind: kept})


def _told(found: PartialUpload) -> dict[str, Any] | None:
    """The outcome, its error in the caller's language."""
    if found.outcome is None or "code" not in found.outcome:
        return cast("dict[str, Any] | None", found.outcome)
    error = error_named(found.outcome["code"], found.outcome["params"])
    message, hint = error.texts()
    return {"status": found.outcome["status"], "error": {"code": error.code, "message": message, "hint": hint}}


def _own(request: HttpRequest, upload_id: str) -> PartialUpload:
    user = _user(request)
    return partial_uploads.upload_of(user=user, scope=scope_for(user), upload_id=upload_id)


def _user(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by the API's authentication


def _spoken(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UploadProtocol


def _announced(request: HttpRequest) -> Announced:
    """Raises UploadHeader."""
    size, said = _number(request, "Upload-Length"), _metadata(request.headers.get("Upload-Metadata", ""))
    sha256 = said.get("sha256", "").lower()
    if not size or not _SHA256.fullmatch(sha256):
        raise UploadHeader(name="Upload-Metadata: sha256" if size else "Upload-Length")
    return Announced(size, said.get("filename", ""), said.get("path", ""), sha256)


def _metadata(header: str) -> dict[str, str]:
    """Names and what they stand for: pairs of a name and base64, parted by commas. Raises UploadHeader."""
    try:
        pairs = [pair.split() for pair in header.split(",") if pair.strip()]
        return {name: base64.b64decode("".join(value), validate=True).decode() for name, *value in pairs}
    except (binascii.Error, UnicodeDecodeError):
        raise UploadHeader(name="Upload-Metadata") from None


def _number(request: HttpRequest, name: str) -> int:
    given = request.headers.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < len(str(2**63))):
        raise UploadHeader(name=name)
    return int(given)


def _stands(found: PartialUpload, received: int) -> dict[str, str]:
    return {"Upload-Offset": str(received), "Upload-Expires": http_date(pieces.expires_at(found).timestamp())}


def _answer(status: HTTPStatus, headers: Mapping[str, str]) -> HttpResponse:
    response = HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **headers})
    del response["Content-Type"]
    return response
