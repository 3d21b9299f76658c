"""Archives of documents: each file in one becomes a document of its own, and what does not is told with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.conf import settings

from ingestion import files, services, tags
from ingestion.access import Scope
from ingestion.audit import record
from ingestion.errors import TenkyoError, error_named
from ingestion.models import User
from ingestion.parsing import UnreadableFile
from ingestion.parsing.unpacked import Archive, NotTaken, Unpacked
from ingestion.text import one_line

_SUFFIX = ".zip"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file of the archive by its path there, and the document it became, or already was."""

    name: str
    added: services.Added


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the archive that was not taken, and why."""

    name: str
    error: TenkyoError


@dataclass(frozen=True, slots=True)
class ArchiveAdded:
    """What became of every file of the archive, in its order."""

    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def is_named_archive(filename: str) -> bool:
    """Whether the name is that of several documents in one file."""
    return filename.lower().endswith(_SUFFIX)


def archive_add(
    *,
    user: User,
    scope: Scope,
    library_id: object,
    file: BinaryIO,
    filename: str,
    size: int,
    tagged: Sequence[str] = (),
) -> ArchiveAdded:
    """Take every file of a ZIP archive in as a document of its own. A file that is no archive is one document.

    `tagged`: what each of them is tagged with, beside the folders it lies in.

    Raises NotFound, FileTooLarge, DiskFull, and what is wrong with the archive as a whole (file_damaged, file_bomb,
    archive_too_many …); nothing was taken then.
    """
    library = scope.library(library_id, to_change=True)
    taking = _Taking(user, scope, library_id, tagged)
    with files.received(file, size=size) as upload:
        for one in _unpacked(upload, filename):
            taking.take(one)
        facts = {"sha256": upload.sha256, "taken": len(taking.done.taken), "refused": len(taking.done.refused)}
    record("archive.add", actor=user, subject=f"library:{library.pk}", **facts)
    return taking.done


class _Taking:
    """Takes one file after the other; what is wrong with one costs the others nothing."""

    def __init__(self, user: User, scope: Scope, library_id: object, tagged: Sequence[str]) -> None:
        self._who: dict[str, Any] = {"user": user, "scope": scope, "library_id": library_id}
        self._tagged = tagged
        self.done = ArchiveAdded()

    def take(self, one: Unpacked | NotTaken) -> None:
        """Make a document of the file, or keep the reason."""
        name = one_line(one.name)  # names of an archive are shown in terminals too
        if isinstance(one, NotTaken):
            self.done.refused.append(Refused(name, error_named(one.code, one.params)))
            return
        try:
            self.done.taken.append(Taken(name, self._document(one)))
        except UnreadableFile as error:
            self.done.refused.append(Refused(name, error_named(error.code, error.params)))
        except TenkyoError as error:
            self.done.refused.append(Refused(name, error))

    def _document(self, one: Unpacked) -> services.Added:
        upload: dict[str, Any] = {"file": one.file, "filename": one.name, "size": one.size}
        return services.document_add(**self._who, **upload, tagged=[*self._tagged, *tags.of_folders(one.name)])


def _unpacked(upload: files.Received, filename: str) -> Iterator[Unpacked | NotTaken]:
    """The files of the archive, the upload itself where it is none; last, where the archive broke off, its own name."""
    limits = {"memory_bytes": settings.PARSE_MEMORY_BYTES, "timeout": settings.PARSE_TIMEOUT}
    try:
        archive = Archive(upload.path, filename, **limits)
    except UnreadableFile as error:
        raise error_named(error.code, error.params) from None
    with archive:
        if not archive.is_archive:
            with upload.path.open("rb") as file:
                yield Unpacked(filename, upload.size, file)
        try:
            yield from archive.files()
        except UnreadableFile as error:
            yield NotTaken(filename, error.code, error.params)
