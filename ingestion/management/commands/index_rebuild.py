"""Recreates the index from the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion import upkeep
from ingestion.errors import TenkyoError
from ingestion.models import Revision
from ingestion.progress import current_revisions


class Command(BaseCommand):
    """`manage.py index_rebuild`."""

    help = "Empty the vector index and write it again from the database. Vectors that exist are not computed again."

    def handle(self, **options: Any) -> None:  # noqa: ARG002  # Django's signature
        total = current_revisions().count()

        def said(revision: Revision, done: int) -> None:
            self.stdout.write(f"[{done}/{total}] {revision}")

        try:
            points = upkeep.rebuild(said)
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The index holds {points} points of {total} documents.")
