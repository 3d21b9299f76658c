"""Measures the check of a sentence."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.calibration import calibration_of
from assistant.evaluation.vectors import kept_vectors
from assistant.evaluation.verdict_page import Verdicts, page, plots
from assistant.evaluation.verdicts import contradicted, jnli, manual_sentences, measured, unharmed
from ingestion import embedding
from ingestion.errors import TenkyoError

FOLDER = "docs/reference"


class Command(BaseCommand):
    """`manage.py evaluate_verdicts --data FOLDER`: what the check of a sentence keeps and what it catches."""

    help = (
        "Put JNLI's sentence pairs and generated contradictions through the check that every sentence of an answer "
        "passes, and print what it keeps. Needs neither library nor index; takes a few minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, help="folder of published sets (jglue, ja-en-sections)")
        parser.add_argument("--pairs", type=int, default=0, help="only the first so many pairs of JNLI")
        parser.add_argument("--most", type=int, default=300, help="at most so many contradictions of each kind")
        parser.add_argument("--write", action="store_true", help=f"write {FOLDER}/verdicts.md and its plots")

    def handle(self, **options: Any) -> None:
        try:
            found = _measured(options["data"], options["pairs"] or None, options["most"])
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(page(found))
        if options["write"]:
            for name, text in {"verdicts.md": page(found), **plots(found)}.items():
                Path(settings.BASE_DIR, FOLDER, name).write_text(text, encoding="utf-8")
                self.stdout.write(f"Written: {FOLDER}/{name}")


def _measured(data: Path, pairs: int | None, most: int) -> Verdicts:
    embedder = embedding.embedder()
    vectors = kept_vectors(embedder)
    calibration, texts = calibration_of(embedder.name), manual_sentences(data)
    return Verdicts(
        embedder=embedder.name,
        calibration=calibration,
        rows=measured(jnli(data)[:pairs], vectors, calibration),
        caught=contradicted(texts, most=most),
        unharmed=unharmed(texts, most=1000),
    )
