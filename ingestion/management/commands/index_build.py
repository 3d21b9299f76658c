"""Builds the index of another embedding model beside the one that is searched, then searches it."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ingestion import builds, worker
from ingestion.errors import IndexHeld, TenkyoError, error_named
from ingestion.management.said import in_both_languages
from ingestion.management.working import person
from ingestion.models import IndexBuild, User

_LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """`manage.py index_build [MODEL] [--stop] [--remove]`."""

    help = (
        "Embed every document with another model into an index beside the one that is searched, and have searches use "
        "it once it is whole. Nothing is interrupted, and what is uploaded meanwhile is in it too. To go back, name "
        "the model before: its vectors are kept until --remove."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("model", nargs="?", help="its name in config/portfolio.toml (default: EMBED_MODEL)")
        parser.add_argument("--stop", action="store_true", help="stop the build under way; its vectors are kept")
        parser.add_argument("--remove", action="store_true", help="remove the model's vectors and index")
        parser.add_argument("--user", help="on whose behalf (default: the first superuser)")

    def handle(self, **options: Any) -> None:
        user, model = person(options["user"]), options["model"] or settings.EMBED_MODEL
        try:
            if options["stop"]:
                self._stop(user)
            elif options["remove"]:
                self._remove(user, model)
            else:
                self._made(builds.build_begin(user=user, model=model))
        except TenkyoError as error:
            raise in_both_languages(error) from error

    def _stop(self, user: User) -> None:
        for build in IndexBuild.objects.filter(wanted=True):
            builds.build_stop(user=user, build_id=build.pk)
            self.stdout.write(f"{build.model} is built no further. Searches go on as they were.")

    def _remove(self, user: User, model: str) -> None:
        found = list(IndexBuild.objects.filter(model=model).order_by("-active", "-wanted"))
        for build in found:
            builds.build_remove(user=user, build_id=build.pk)
        self.stdout.write(f"{len(found)} builds of {model} are removed; the server removes its index within minutes.")

    def _made(self, build: IndexBuild) -> None:
        """Have it made: by the server where one runs, else here."""
        try:
            if settings.CELERY_BROKER_URL.startswith("memory://"):
                worker.start()
        except IndexHeld as held:
            self.stdout.write(f"Process {held.params['pid']} is running and does the work. You may leave with Ctrl-C.")
        try:
            self._watch(build)
        except KeyboardInterrupt:
            self.stdout.write("Left. A running server, or this command again, goes on.")
        finally:
            worker.stop()

    def _watch(self, build: IndexBuild) -> None:
        said = ""
        while build.wanted:
            line = f"{build.model}: {build.chunks_done} of {build.chunks_total} passages embedded"
            if line != said:
                self.stdout.write(said := line)
            time.sleep(_LOOK_SECONDS)
            build.refresh_from_db()
        if not build.active:
            stopped = error_named(build.error_code, build.error_params) if build.error_code else "It was stopped."
            raise CommandError(f"Searches go on as they were. {stopped}")
        self.stdout.write(f"Searches use {build.model} now.")
