"""Measures search and answers."""

import asyncio
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistant.evaluation import tables
from assistant.evaluation.baseline import baseline, served_llm
from assistant.evaluation.page import SYSTEMS, quality_page
from assistant.evaluation.plan import Batch, Options, batches
from assistant.evaluation.run import (
    BASELINE,
    PRODUCT,
    PUBLISHED,
    Progress,
    System,
    begin,
    carry_out,
    product,
    resumable,
)
from assistant.evaluation.vectors import kept_vectors
from assistant.llm import AnswerModel, answer_model
from assistant.management.asking import answer_server
from assistant.management.taking_in import take_in
from assistant.models import EvaluationRun
from ingestion import embedding
from ingestion.errors import TenkyoError
from ingestion.index import vector_index
from ingestion.searched import look

PAGE = "docs/reference/quality.md"


class Command(BaseCommand):
    """`manage.py evaluate --library NAME …`: questions with known answers, through what users get."""

    help = (
        "Ask a library the golden set's questions and its own evaluation questions, measure what is found and "
        "answered, and keep every result. An interrupted run goes on with --resume. Needs the index, so stop a running "
        "`manage.py serve` first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--library", help="the library that is asked, by name")
        parser.add_argument("--golden", default="tests/golden", help="folder of the golden set; '' for none")
        parser.add_argument("--data", default="", help="folder of published sets (JSQuAD, LIT-RAGBench): search only")
        parser.add_argument("--take-in", action="store_true", help="first take installed manuals and sets in")
        parser.add_argument("--kind", action="append", default=[], help="only this kind of question; may be repeated")
        parser.add_argument("--split", choices=("choose", "report"), default="", help="only this half of the set")
        parser.add_argument("--sample", type=int, default=0, help="draw so many questions of each set")
        parser.add_argument("--seed", type=int, default=1, help="what the draw depends on")
        parser.add_argument("--retrieval-only", action="store_true", help="search, but do not answer")
        parser.add_argument("--baseline", action="store_true", help="ask LlamaIndex's default pipeline the same")
        parser.add_argument("--name", default="", help="a note that names the run")
        parser.add_argument(
            "--resume", nargs="?", type=int, const=0, help="go on with that run (default: the newest unfinished one)"
        )
        parser.add_argument("--write", action="store_true", help=f"write {PAGE}")

    def handle(self, **options: Any) -> None:
        try:
            run = self._run(options)
        except TenkyoError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self._say("\nStopped. Results are kept: `manage.py evaluate --resume` goes on.")
            return
        self._say("\n".join(_tables(run)))
        if options["write"]:
            Path(settings.BASE_DIR, PAGE).write_text(quality_page(run), encoding="utf-8")
            self._say(f"Written: {PAGE}")

    def _run(self, options: dict[str, Any]) -> EvaluationRun:
        resumed = _resumed(options["resume"])
        told = Options.of(resumed.settings) if resumed else _told(options)
        vector_index(look())  # who cannot have the index should know before anything else
        if options["take_in"]:
            take_in(told, self._say)
        asked = batches(told, self._say)
        if not asked:
            raise CommandError("There is no question to ask. See --golden, --kind, --split, or the administration.")
        vector_index()  # ingestion closes it
        embedding.embedder().query("warm-up")
        model = None if told.retrieval_only else answer_model()
        run = resumed or begin(told, name=options["name"], model=model)
        self._say(f"Run {run}: {sum(len(batch.questions) for batch in asked)} questions")
        asyncio.run(self._carry_out(run, model, asked))
        return run

    async def _carry_out(self, run: EvaluationRun, model: AnswerModel | None, asked: list[Batch]) -> None:
        systems: dict[str, System] = {PUBLISHED: product(None), PRODUCT: product(model)}
        if model is None:
            await carry_out(run, systems, asked, self._report)
            return
        async with answer_server(), served_llm() as llm:
            if run.settings["baseline"]:
                systems[BASELINE] = await self._baseline(asked, llm)
            await carry_out(run, systems, asked, self._report)

    async def _baseline(self, asked: list[Batch], llm: Any) -> System:
        """Over the library's pages only: published sets are not answered."""
        own = next((batch for batch in asked if not batch.published), None)
        if own is None:
            raise CommandError("The baseline answers the library's questions, and there are none.")
        self._say("Baseline: embedding what is new of its chunks")
        kept = kept_vectors(embedding.embedder())
        return await baseline(own.scope, own.places, llm, kept)

    def _report(self, one: Progress) -> None:
        verdict = _verdict(one.outcome)
        left = f"{one.seconds_left / 60:.0f} min left" if one.seconds_left >= 60 else f"{one.seconds_left:.0f} s left"  # noqa: PLR2004 - a minute
        line = (
            f"[{one.number}/{one.total}] {one.system} {one.question.id}: {verdict}, {one.seconds:.1f} s; about {left}"
        )
        self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _verdict(outcome: dict[str, Any]) -> str:
    if outcome["right"] is None:
        return "not answered"
    return "right" if outcome["right"] else "wrongly refused" if outcome.get("abstained") else "wrong"


def _resumed(number: int | None) -> EvaluationRun | None:
    if number is None:
        return None
    run = resumable(number)
    if run is None:
        raise CommandError("There is no such run that is not complete.")
    return run


def _told(options: dict[str, Any]) -> Options:
    if not options["library"]:
        raise CommandError("Name the library with --library, or go on with --resume.")
    return Options(
        library=options["library"],
        golden=options["golden"],
        data=options["data"],
        kinds=tuple(options["kind"]),
        split=options["split"],
        sample=options["sample"],
        seed=options["seed"],
        retrieval_only=options["retrieval_only"],
        baseline=options["baseline"] and not options["retrieval_only"],
    )


def _tables(run: EvaluationRun) -> list[str]:
    found = ["", *tables.side_by_side(run.summary, SYSTEMS)] if set(SYSTEMS) & set(run.summary) else []
    for name, summary in run.summary.items():
        for figures in (tables.RETRIEVAL, tables.ANSWERS, tables.TIMES):
            rows = tables.by_group(summary["groups"], figures)
            found += ["", SYSTEMS.get(name, "Published sets"), *rows] if rows else []
    return found
