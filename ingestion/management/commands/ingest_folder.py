"""Takes the files of a folder in."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion import archives, services, tags
from ingestion.access import scope_for
from ingestion.errors import TenkyoError
from ingestion.management.working import library_named, person, work
from ingestion.models import Library, User


class Command(BaseCommand):
    """`manage.py ingest_folder PATH --library NAME [--user USERNAME]`."""

    help = (
        "Take every file of a folder into a library, also those of ZIP archives there. A running server does the work; "
        "where none runs, this command does it. What is there already is skipped. "
        "Folders below the path become tags."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--library", required=True, help="its name; made where there is none")
        parser.add_argument("--user", help="who adds the files (default: the first superuser)")

    def handle(self, **options: Any) -> None:
        root: Path = options["path"]
        files = sorted(_files_in(root))
        if not files:
            raise CommandError(f"There is no file in {root}.")
        user = person(options["user"])
        try:
            placed = [(path, tags.of_folders(str(path.relative_to(root)))) for path in files]
            added = self._add(user, library_named(user, options["library"]), placed)
            work(added, self.stdout.write)
        except TenkyoError as error:
            raise CommandError(str(error)) from error

    def _add(self, user: User, library: Library, placed: Sequence[tuple[Path, list[str]]]) -> list[UUID]:
        added = []
        for path, folders in placed:
            try:
                found = _taken(user, library, path, folders)
            except TenkyoError as error:
                self.stderr.write(f"{path.name}: {error}")
                continue
            within = f"{path.name}: " if archives.is_named_archive(path.name) else ""
            for refused in found.refused:
                self.stderr.write(f"{within}{refused.name}: {refused.error}")
            for one in found.taken:
                self.stdout.write(f"{within}{one.name}: {'already there' if one.added.existed else 'added'}")
                added.append(one.added.document.pk)
        return added


def _taken(user: User, library: Library, path: Path, folders: list[str]) -> archives.ArchiveAdded:
    """What became of the file; only a ZIP archive is more than one. Raises TenkyoError."""
    with path.open("rb") as file:
        facts: dict[str, Any] = {"file": file, "filename": path.name, "size": path.stat().st_size}
        facts |= {"user": user, "scope": scope_for(user), "library_id": library.pk, "tagged": folders}
        if archives.is_named_archive(path.name):
            return archives.archive_add(**facts)
        return archives.ArchiveAdded([archives.Taken(path.name, services.document_add(**facts))])


def _files_in(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for found in path.rglob("*"):
        if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts):
            yield found
