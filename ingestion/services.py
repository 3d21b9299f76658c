"""What a person may do in the vault: checks scope, writes, audits, enqueues on commit, returns the row."""

from dataclasses import dataclass
from typing import BinaryIO

from ingestion.access import Scope
from ingestion.models import Document, IngestionRun, Library, User


@dataclass(frozen=True, slots=True)
class Added:
    """The document, and whether these bytes were already there."""

    document: Document
    existed: bool


def library_create(*, user: User, name: str, description: str = "") -> Library:
    """Make a library owned by the user. Raises LibraryNameTaken, LibraryNameEmpty, NotAllowed."""
    raise NotImplementedError


def document_add(*, user: User, scope: Scope, library_id: object, file: BinaryIO, filename: str, size: int) -> Added:
    """Take a file in as a new document; the same bytes in the same library are the same document."""
    raise NotImplementedError


def document_replace(
    *, user: User, scope: Scope, document_id: object, file: BinaryIO, filename: str, size: int
) -> Added:
    """Take a file in as a new revision; the old one is served until the switch."""
    raise NotImplementedError


def document_delete(*, user: User, scope: Scope, document_id: object) -> None:
    """Remove rows, files and vectors."""
    raise NotImplementedError


def document_cancel(*, user: User, scope: Scope, document_id: object) -> IngestionRun | None:
    """Ask the active run to stop."""
    raise NotImplementedError


def document_retry(*, user: User, scope: Scope, document_id: object) -> IngestionRun:
    """Run the newest revision again; what is done stays done."""
    raise NotImplementedError
