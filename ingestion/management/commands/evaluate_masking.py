"""Measures how well personal data is found."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from ingestion.masking import find
from ingestion.masking.evaluation.generated import HELD_OUT, SEED, SENTENCES, Sentence, generated, generated_held_out
from ingestion.masking.evaluation.page import Measured, page
from ingestion.masking.evaluation.scores import Scores, scored
from ingestion.models import PersonalData

PAGE = "docs/reference/masking.md"


class Command(BaseCommand):
    """`manage.py evaluate_masking`."""

    help = (
        "Make sentences in Japanese and English whose personal data is known, and print what masking finds of it: "
        "precision and recall by kind and language. Needs neither library nor models; takes seconds."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sentences", type=int, default=SENTENCES, help=f"how many to make ({SENTENCES})")
        parser.add_argument("--seed", type=int, default=SEED, help=f"other sentences of the same templates ({SEED})")
        parser.add_argument("--missed", action="store_true", help="list what was missed and what was masked wrongly")
        parser.add_argument("--write", action="store_true", help=f"write {PAGE}")

    def handle(self, **options: Any) -> None:
        seed, count = options["seed"], options["sentences"]
        fitted = _scores(generated(count, seed=seed))
        held_out = _scores(generated_held_out(HELD_OUT, seed=seed))
        text = page(Measured(seed, count, HELD_OUT, fitted, held_out))
        self.stdout.write(text)
        if options["missed"]:
            self._list(fitted)
            self._list(held_out)
        if options["write"]:
            Path(settings.BASE_DIR, PAGE).write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {PAGE}")

    def _list(self, scores: Scores) -> None:
        for (kind, language), score in sorted(scores.items()):
            if kind != "all":
                for said, rows in (("missed", score.missed), ("wrong", score.wrong)):
                    self.stdout.writelines(f"{said} {kind} {language}: {row}" for row in rows)


def _scores(sentences: Iterable[Sentence]) -> Scores:
    return scored((one, find(one.text, set(PersonalData))) for one in sentences)
