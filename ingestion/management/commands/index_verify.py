"""Compares the index with the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion import upkeep
from ingestion.errors import TenkyoError


class Command(BaseCommand):
    """`manage.py index_verify [--repair]`."""

    help = "Compare the vector index with the database, both ways. Exit status 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what is missing, remove what is surplus")

    def handle(self, **options: Any) -> None:
        try:
            found = upkeep.compare()
            self._say(found)
            if not found.agrees and options["repair"]:
                upkeep.repair(found)
                found = upkeep.compare()
                self.stdout.write("Repaired:")
                self._say(found)
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        if not found.agrees:
            raise CommandError("Index and database differ. Run `manage.py index_verify --repair`.")

    def _say(self, found: upkeep.Comparison) -> None:
        self.stdout.write(f"{found.chunks} chunks in the database, {found.points} points in the index.")
        for revision_id, count in found.missing.items():
            self.stdout.write(f"  missing: {count} points of revision {revision_id}")
        if found.surplus:
            self.stdout.write(f"  surplus: {len(found.surplus)} points that no current chunk has")
        for revision_id in found.files_surplus:
            self.stdout.write(f"  surplus: file or drawn pages of deleted revision {revision_id}")
        for revision_id in found.files_missing:
            self.stdout.write(f"  missing: the file of revision {revision_id}; restore it from a backup")
