"""Measures how much of the evidence a search brings, and how much else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.evaluation import chunking, tables
from assistant.evaluation.chunking import CORPORA, LIBRARY, SIZES, ChunkingSet, Product, Row, Splitter
from assistant.evaluation.plan import scope_of
from assistant.evaluation.vectors import kept_vectors
from ingestion import embedding
from ingestion.errors import TenkyoError
from ingestion.index import vector_index
from ingestion.searched import look


class Command(BaseCommand):
    """`manage.py evaluate_chunking --data FOLDER [--take-in] [--splitters]`."""

    help = (
        "Ask Chroma's chunking questions and print recall, precision and IoU, by characters, of the passages found and "
        "of what the answer model reads of them. Needs the index, so stop a running `manage.py serve` first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, required=True, help="folder of published sets (its folder chunking)")
        parser.add_argument("--take-in", action="store_true", help=f'first take the corpora into "{LIBRARY}"')
        parser.add_argument(
            "--corpus", action="append", choices=CORPORA, help="only questions about this one; may be repeated"
        )
        parser.add_argument(
            "--splitters", action="store_true", help="LlamaIndex's splitter beside it (embeds its chunks)"
        )

    def handle(self, **options: Any) -> None:
        try:
            vector_index(look())  # who cannot have the index should know before anything else
            asked = chunking.read_set(options["data"] / "chunking", options["corpus"] or CORPORA)
            if options["take_in"]:
                self._take_in(asked)
            for line in tables.lines(_HEAD, list(_rows(asked, splitters=options["splitters"]))):
                self.stdout.write(line)
        except TenkyoError as error:
            raise CommandError(str(error)) from error

    def _take_in(self, asked: ChunkingSet) -> None:
        """As text files: they are named .md, and hold no Markdown."""
        folder = Path(settings.DATA_DIR) / "evaluation" / "chunking"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in asked.texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        call_command("ingest_folder", str(folder), library=LIBRARY)


_HEAD = ("system", "questions of", "recall", "precision", "IoU", "characters")


def _rows(asked: ChunkingSet, *, splitters: bool) -> Iterator[list[str]]:
    product, budget = Product(scope_of(LIBRARY), asked.texts), chunking.reading_budget()
    yield from _row(f"Tenkyo, {chunking.FIRST} passages", chunking.scored(asked.questions, chunking.first(product)))
    yield from _row("Tenkyo, min", chunking.scored(asked.questions, chunking.fewest(product)))
    read = chunking.scored(asked.questions, lambda one: product.read(one.text, budget))
    yield from _row(f"Tenkyo, read by the model ({budget} tokens)", read)
    kept = kept_vectors(embedding.embedder())
    for size in SIZES if splitters else ():
        splitter = Splitter(asked.texts, size, kept)
        name = f"SentenceSplitter {size}"
        yield from _row(f"{name}, {chunking.FIRST} chunks", chunking.scored(asked.questions, chunking.first(splitter)))
        yield from _row(f"{name}, min", chunking.scored(asked.questions, chunking.fewest(splitter)))


def _row(name: str, row: Row) -> Iterator[list[str]]:
    for corpus, score in row.items():
        figures = (score.recall, score.precision, score.iou)
        yield [name, corpus, *(f"{figure:.3f}" for figure in figures), f"{score.length:,}"]
