"""One evaluation run: every question's result is kept as it is made, so that a run can be stopped and go on later."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any, get_args

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from assistant import citations, evidence, fusion, retrieval, sufficiency, turn
from assistant.answering import prompt_hash
from assistant.calibration import calibration_of
from assistant.errors import ModelUnavailable
from assistant.evaluation.asking import Outcome, asked
from assistant.evaluation.golden import Question
from assistant.evaluation.plan import Batch, Options, scope_of
from assistant.evaluation.summary import Row, summarise
from assistant.llm import AnswerModel
from assistant.models import EvaluationResult, EvaluationRun, RunState
from ingestion import embedding
from ingestion.models import IndexBuild, Library
from ingestion.selectors import proved_only
from ingestion.text import Language

PRODUCT, BASELINE, PUBLISHED = "tenkyo", "baseline", "published"
_TRIES, _PAUSE_SECONDS = 3, 5.0
System = Callable[[Question, Batch], Awaitable[Outcome]]
_Todo = tuple[str, Question, Batch]


@dataclass(frozen=True, slots=True)
class Progress:
    """One question is done: the `number`th of `total`, in so many seconds, with so many left for the rest."""

    system: str
    number: int
    total: int
    question: Question
    outcome: Outcome
    seconds: float
    seconds_left: float


def begin(options: Options, *, name: str, model: AnswerModel | None) -> EvaluationRun:
    """A new run, with all that the figures depend on written down."""
    library = Library.objects.filter(name=options.library).first()
    withholds = bool(library and model and proved_only(scope_of(library.name), default=model.proved_only))
    return EvaluationRun.objects.create(
        name=name,
        library=library,
        embedder=embedding.embedder().name,
        model=model.name if model else "",
        settings={**options.row(), **recipe(), "proved_only": withholds},
    )


def recipe() -> dict[str, Any]:
    """How search and answers are made now: the chunks' recipe, thresholds, weights and limits, prompts by hash."""
    build = IndexBuild.objects.filter(active=True).first()
    constants = {
        f"{module.__name__.removeprefix('assistant.')}.{name}": value
        for module in (fusion, retrieval, sufficiency, evidence, citations, turn)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int | float)
    }
    return {
        "chunks": build.recipe if build else "",
        "prompts": {
            f"{language}{'' if marks else ' unmarked'}": prompt_hash(language, marks=marks)
            for language in get_args(Language)
            for marks in (True, False)
        },
        "reranker": settings.RERANK_MODEL,
        "calibration": asdict(calibration_of(embedding.embedder().name)),
        **constants,
    }


def resumable(number: int | None) -> EvaluationRun | None:
    """The run of that number, or the newest one, that is not complete."""
    open_runs = EvaluationRun.objects.exclude(state=RunState.COMPLETE).order_by("-id")
    return (open_runs.filter(pk=number) if number else open_runs).first()


def product(model: AnswerModel | None) -> System:
    """What users get, as a system to put questions to; without a model only what is found."""

    async def ask(question: Question, batch: Batch) -> Outcome:
        return await asked(question, scope=batch.scope, places=batch.places, model=model)

    return ask


async def carry_out(
    run: EvaluationRun, systems: Mapping[str, System], batches: Sequence[Batch], report: Callable[[Progress], object]
) -> None:
    """Ask what is not answered yet, each result kept at once; then the figures. Raises what a system raises."""
    todo = await sync_to_async(_todo)(run, systems, batches)
    await sync_to_async(_write_down)(run, RunState.RUNNING)
    try:
        await _ask_all(run, systems, todo, report)
    except BaseException:
        await sync_to_async(_write_down)(run, RunState.STOPPED)
        raise
    await sync_to_async(_write_down)(run, RunState.COMPLETE)


async def _ask_all(
    run: EvaluationRun, systems: Mapping[str, System], todo: Sequence[_Todo], report: Callable[[Progress], object]
) -> None:
    spent: dict[str, list[float]] = {}
    for number, (name, question, batch) in enumerate(todo, start=1):
        started = monotonic()
        outcome = await _patiently(systems[name], question, batch)
        await sync_to_async(_keep)(run, name, question, outcome)
        seconds = monotonic() - started
        spent.setdefault(name, []).append(seconds)
        report(Progress(name, number, len(todo), question, outcome, seconds, _left(todo[number:], spent)))


def summary_of(run: EvaluationRun) -> dict[str, Any]:
    """{system: figures} of the results kept so far."""
    rows: dict[str, list[Row]] = {}
    for result in run.results.all():
        rows.setdefault(result.system, []).append(Row(result.kind, result.language, result.gold, result.outcome))
    return {system: summarise(members) for system, members in sorted(rows.items(), reverse=True)}


def _write_down(run: EvaluationRun, state: RunState) -> None:
    """Write down how far the run is, with the figures of what was asked so far."""
    run.summary, run.state = summary_of(run), state
    run.finished_at = timezone.now() if state == RunState.COMPLETE else None
    run.save(update_fields=["summary", "state", "finished_at"])


async def _patiently(system: System, question: Question, batch: Batch) -> Outcome:
    """A small server may choke once in an hour of questions; one that stays silent stops the run."""
    for _ in range(_TRIES - 1):
        try:
            return await system(question, batch)
        except ModelUnavailable:
            await asyncio.sleep(_PAUSE_SECONDS)
    return await system(question, batch)


def _todo(run: EvaluationRun, systems: Mapping[str, System], batches: Sequence[Batch]) -> list[_Todo]:
    """What is not kept yet. A question that was rewritten meanwhile is asked again."""
    kept = {(row.system, row.question_id): (row.question, row.gold) for row in run.results.all()}
    return [
        (name, question, batch)
        for name in systems
        for batch in batches
        if batch.published == (name == PUBLISHED)
        for question in batch.questions
        if kept.get((name, question.id)) != (question.text, question.gold())
    ]


def _keep(run: EvaluationRun, system: str, question: Question, outcome: Outcome) -> None:
    said = {"kind": question.kind, "language": question.language, "question": question.text}
    EvaluationResult.objects.update_or_create(
        run=run,
        system=system,
        question_id=question.id,
        defaults={**said, "gold": question.gold(), "outcome": outcome},
    )


def _left(todo: Sequence[_Todo], spent: Mapping[str, Sequence[float]]) -> float:
    """Seconds for the rest, by what each system took so far; one not met yet counts as the slowest."""
    means = {name: sum(seconds) / len(seconds) for name, seconds in spent.items()}
    slowest = max(means.values())
    return sum(means.get(name, slowest) for name, _, _ in todo)
