"""Brings a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ingestion.backup.restoring import Restored, restore
from ingestion.errors import TenkyoError
from ingestion.management.said import in_both_languages


class Command(BaseCommand):
    """`manage.py restore SRC [--replace]`."""

    help = (
        "Bring a backup back into this installation, which must be empty and stopped. Every checksum is compared "
        "before anything is changed. At the end it says whether `manage.py index_rebuild` is needed."
    )
    requires_system_checks = ()  # models may still be missing

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("src", type=Path, help="an archive that `manage.py backup` wrote")
        parser.add_argument(
            "--replace", action="store_true", help="what is there is backed up to before-restore/ and then replaced"
        )

    def handle(self, **options: Any) -> None:
        try:
            done = restore(options["src"], replace=options["replace"], say=self._step)
        except TenkyoError as error:
            raise in_both_languages(error) from error
        self._tell(done)

    def _tell(self, done: Restored) -> None:
        found = done.manifest
        self.stdout.write(
            f"Restored: {found.rows('ingestion_document')} documents, {found.rows('ingestion_user')} people, "
            f"as of {found.made_at:%Y-%m-%d %H:%M} UTC."
        )
        if done.replaced is not None:
            self.stdout.write(f"What was there before is in {done.replaced.path}.")
        for key in (*found.missing, *found.damaged):
            self.stderr.write(f"The file of revision {key} was missing or damaged before the backup was made.")
        self._tell_settings(done)
        if not done.rebuild_needed:
            self.stdout.write(f"The index holds {done.points} points: index_rebuild is not needed.")
        elif done.to_embed:
            self.stdout.write(
                f"Run `manage.py index_rebuild`: until then nothing is found. It computes {done.to_embed} vectors."
            )
        else:
            self.stdout.write(
                "The index did not answer. Run `manage.py index_rebuild` once it does; nothing is computed."
            )

    def _tell_settings(self, done: Restored) -> None:
        for name, (there, here) in done.differing.items():
            self.stdout.write(f"Setting {name}: {there or 'unset'} in the backup, {here or 'unset'} here.")
        if done.other_portfolio:
            self.stdout.write("config/portfolio.toml is another than in the backup (part portfolio.toml).")
        if done.manifest.secrets:
            self.stdout.write(f"The backup's settings and secrets are in {done.env}: take them over, then delete it.")
        else:
            self.stdout.write("The backup held no secrets: everybody signs in anew.")

    def _step(self, line: str) -> None:
        self.stdout.write(f"== {line}")
        self.stdout.flush()
