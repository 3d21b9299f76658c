"""The folders a library follows, as its owners see them: when they were looked at, what was not taken in and why."""

from dataclasses import dataclass

from django.db.models import Count, Q

from ingestion.errors import TenkyoError, error_named
from ingestion.models import FolderFile, Library, WatchedFolder


@dataclass(frozen=True, slots=True)
class FolderState:
    """`files`: how many are there and taken in. `refused`: path and error of those that are not."""

    folder: WatchedFolder
    files: int
    error: TenkyoError | None
    refused: tuple[tuple[str, TenkyoError], ...]


def folder_states(library: Library) -> list[FolderState]:
    """The state of every folder of a library, by path."""
    taken = Count("files", filter=Q(files__gone=False) & ~Q(files__document=None))
    return [_state(folder) for folder in library.folders.annotate(taken=taken)]


def refused_of(folder: WatchedFolder) -> tuple[tuple[str, TenkyoError], ...]:
    """The files of a folder that were not taken in as they are now, with the reason."""
    rows = FolderFile.objects.filter(folder=folder, gone=False).exclude(error_code="")
    return tuple((row.path, error_named(row.error_code, row.error_params)) for row in rows)


def _state(folder: WatchedFolder) -> FolderState:
    error = error_named(folder.error_code, folder.error_params) if folder.error_code else None
    return FolderState(folder, folder.taken, error, refused_of(folder))  # type: ignore[attr-defined]  # annotated
