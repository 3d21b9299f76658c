"""Reads files again that an earlier version read: their pages are drawn otherwise today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ingestion import services
from ingestion.access import scope_for
from ingestion.errors import TenkyoError
from ingestion.layouts import drawn_otherwise
from ingestion.management.working import person, work


class Command(BaseCommand):
    """`manage.py read_again [--library NAME] [--list]`."""

    help = (
        "Read files again whose pages an earlier version set otherwise than this one draws them, so that passages are "
        "marked in their pictures. Each becomes a new revision; earlier answers keep the pages that they cite."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--library", help="only this one, by its name (default: all that the person owns)")
        parser.add_argument("--list", action="store_true", help="say which they are, and change nothing")
        parser.add_argument("--user", help="on whose behalf (default: the first superuser)")

    def handle(self, **options: Any) -> None:
        user = person(options["user"])
        scope = scope_for(user)
        found = scope.documents().filter(drawn_otherwise("current__"), library__in=scope.owned).order_by("title")
        if options["library"]:
            found = found.filter(library__name=options["library"])
        chosen = []
        for document in list(found):
            self.stdout.write(document.title)
            try:
                if options["list"] or services.document_reread(user=user, scope=scope, document_id=document.pk):
                    chosen.append(document.pk)
            except TenkyoError as error:
                self.stderr.write(f"{document.title}: {error}")
        self.stdout.write(f"{len(chosen)} documents.")
        if chosen and not options["list"]:
            work(chosen, self.stdout.write)
