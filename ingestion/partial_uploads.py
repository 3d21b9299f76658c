"""Files sent in pieces: begun, gone on with after a broken connection, and at the end taken in as any other upload."""

from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils import timezone

from ingestion import archives, pieces, services, tags
from ingestion.access import Scope, as_uuid
from ingestion.errors import ArchiveNotHere, NotFound, UploadDiffers
from ingestion.files import clean_name
from ingestion.models import PartialUpload, User
from ingestion.text import one_line

_PATH_CHARACTERS = 1000
Taken = services.Added | archives.ArchiveAdded


@dataclass(frozen=True, slots=True)
class Announced:
    """What is said of a file before its first byte. `sha256` is empty where its sender does not know it."""

    size: int
    filename: str
    path: str = ""
    sha256: str = ""


def upload_begin(
    *, user: User, scope: Scope, announced: Announced, library_id: object = None, document_id: object = None
) -> PartialUpload:
    """Announce a file for a library, or as the next revision of a document. Raises NotFound, FileTooLarge, DiskFull."""
    document = scope.document(document_id, to_change=True) if document_id is not None else None
    if document is not None and archives.is_named_archive(announced.filename):
        raise ArchiveNotHere
    library = scope.library(document.library_id if document else library_id, to_change=True)
    upload = PartialUpload(user=user, library=library, document=document, size=announced.size, sha256=announced.sha256)
    upload.filename, upload.path = clean_name(announced.filename), one_line(announced.path)[:_PATH_CHARACTERS]
    pieces.begin(upload)
    upload.save(force_insert=True)
    return upload


def upload_of(*, user: User, scope: Scope, upload_id: object) -> PartialUpload:
    """The person's own upload, to what they may still change. Raises NotFound."""
    upload = PartialUpload.objects.filter(pk=as_uuid(upload_id), user=user).first()
    if upload is None:
        raise NotFound
    scope.library(upload.library_id, to_change=True)
    return upload


def upload_append(*, upload: PartialUpload, piece: BinaryIO, offset: int) -> int:
    """Store a piece; how much has arrived then. Raises NotFound, UploadOffset, UploadBusy, DiskFull."""
    arrived = pieces.append(upload, piece, offset=offset)
    upload.touched_at = timezone.now()
    PartialUpload.objects.filter(pk=upload.pk).update(touched_at=upload.touched_at)
    return arrived


def upload_finish(*, user: User, scope: Scope, upload: PartialUpload) -> Taken:
    """Take the file in by the service of the ordinary upload, whose errors it raises, or UploadDiffers.

    The part stays until its outcome is kept: what passes by itself is tried again with another piece of no bytes.
    """
    sent: dict[str, Any] = {"user": user, "scope": scope, "filename": upload.filename, "size": upload.size}
    with pieces.held(upload) as part:
        if upload.sha256 and pieces.sha256_of(part) != upload.sha256:
            raise UploadDiffers
        if upload.document_id is not None:
            return services.document_replace(**sent, document_id=upload.document_id, file=part)
        placed: dict[str, Any] = {"library_id": upload.library_id, "tagged": tags.of_folders(upload.path)}
        if archives.is_named_archive(upload.filename):
            return archives.archive_add(**sent, **placed, file=part)
        return services.document_add(**sent, **placed, file=part)


def upload_end(*, upload: PartialUpload, outcome: dict[str, Any] | None) -> None:
    """Keep what became of it, for a sender who did not hear it, and remove the part; without an outcome forget it."""
    if outcome is not None:
        PartialUpload.objects.filter(pk=upload.pk).update(outcome=outcome, touched_at=timezone.now())
    pieces.remove(upload)
    if outcome is None:
        upload.delete()
