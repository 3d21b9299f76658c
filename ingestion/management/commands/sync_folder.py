"""Has a library follow a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion import following
from ingestion.access import scope_for
from ingestion.errors import TenkyoError
from ingestion.folder_states import refused_of
from ingestion.management.working import library_named, person, work
from ingestion.models import Removed, WatchedFolder

_DONE = {
    "added": "added",
    "replaced": "taken in as a new revision",
    "moved": "moved; its document stays",
    "back": "there again",
    "gone": "gone",
    "failed": "not taken in",
}


class Command(BaseCommand):
    """`manage.py sync_folder PATH --library NAME [--watch] [--removed withdraw|delete|keep]`."""

    help = (
        "Make a library follow a folder, such as a mounted share: new files are taken in, changed ones become "
        "revisions, moved ones keep their document, and documents of removed ones are withdrawn. Run it as often as "
        "you like, or have the server look every FOLLOW_SECONDS with --watch."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--library", required=True, help="its name; made where there is none")
        parser.add_argument("--user", help="on whose behalf (default: the first superuser)")
        parser.add_argument(
            "--removed",
            choices=Removed.values,
            default=Removed.WITHDRAW,
            help="what becomes of removed files' documents",
        )
        parser.add_argument(
            "--watch", action="store_true", help="the server goes on looking; without: it stops doing so"
        )
        parser.add_argument("--accept-removals", action="store_true", help="also where most files are gone at once")

    def handle(self, **options: Any) -> None:
        user = person(options["user"])
        try:
            library = library_named(user, options["library"])
            chosen = {"removed": Removed(options["removed"]), "watched": options["watch"]}
            facts = {"scope": scope_for(user), "library_id": library.pk, "path": options["path"]}
            folder = following.folder_set(user=user, **facts, **chosen)
            done = following.folder_follow(folder, accept_removals=options["accept_removals"], say=self._say)
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        self._sum_up(done, folder)
        if done.documents:
            work(done.documents, self.stdout.write)

    def _say(self, path: str, what: str) -> None:
        self.stdout.write(f"{path}: {_DONE[what]}")

    def _sum_up(self, done: following.Followed, folder: WatchedFolder) -> None:
        for path, error in refused_of(folder):
            self.stderr.write(f"{path}: {error}")
        if done.counts["writing"]:
            self.stdout.write(f"{done.counts['writing']} files changed just now; the next look takes them in.")
        if not done.counts.total():
            self.stdout.write("Nothing has changed.")
