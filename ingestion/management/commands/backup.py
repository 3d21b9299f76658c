"""Makes a backup, or checks one."""

import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from ingestion.backup.archive import Manifest
from ingestion.backup.restoring import verify
from ingestion.backup.taking import take
from ingestion.errors import TenkyoError, of_database
from ingestion.management.said import in_both_languages, size

_COUNTED = (("document", "documents"), ("revision", "revisions"), ("page", "pages"), ("chunk", "chunks"))


class Command(BaseCommand):
    """`manage.py backup DEST [--vectors] [--with-secrets] | --verify`."""

    help = (
        "Write database, uploaded files and settings to one archive, also while Tenkyo runs. "
        "With --verify, check an archive instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dest", type=Path, help="file to write, or a folder: the file is then named by the time")
        parser.add_argument(
            "--vectors",
            action="store_true",
            help="with the vectors: larger, but nothing is computed again on restoring",
        )
        parser.add_argument(
            "--with-secrets", action="store_true", help="with SECRET_KEY, passwords of services, and who is signed in"
        )
        parser.add_argument("--verify", action="store_true", help="read an archive that is there, and make none")

    def handle(self, **options: Any) -> None:
        # What is half written goes with whoever ends this, as it does with Ctrl-C.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        path = options["dest"]
        try:
            if options["verify"]:
                self._tell(path, verify(path), "is whole")
                return
            taken = take(path, vectors=options["vectors"], secrets=options["with_secrets"])
        except TenkyoError as error:
            raise in_both_languages(error) from error
        except (DatabaseError, sqlite3.Error) as error:
            raise in_both_languages(of_database(error)) from error
        self._tell(taken.path, taken.manifest, "was written")
        if taken.manifest.secrets:
            self.stdout.write("It holds secrets: keep it where only you can read it.")

    def _tell(self, path: Path, found: Manifest, what: str) -> None:
        self.stdout.write(f"{path} {what}: {len(found.parts)} parts, {size(path.stat().st_size)}.")
        held = ", ".join(f"{found.rows(f'ingestion_{table}')} {told}" for table, told in _COUNTED)
        vectors = "with vectors" if found.vectors else "without vectors"
        self.stdout.write(
            f"Tenkyo {found.version}, {found.engine}, {found.made_at:%Y-%m-%d %H:%M} UTC: {held}, {vectors}."
        )
        for key in found.missing:
            self.stderr.write(f"The file of revision {key} was missing before the backup was made.")
        for key in found.damaged:
            self.stderr.write(f"The file of revision {key} is not the one that was uploaded: its SHA-256 differs.")
