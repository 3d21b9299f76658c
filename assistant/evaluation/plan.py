"""Which questions are asked of which libraries: the golden set, an administrator's own, published sets."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.golden import UNANSWERABLE, Golden, Question, chosen, read_golden
from assistant.evaluation.places import Places, corpus_in, manuals_in, missing_manuals
from assistant.evaluation.published import Corpus, corpora
from assistant.evaluation.variants import variants
from assistant.models import EvaluationQuestion
from ingestion.access import Scope
from ingestion.errors import NotFound
from ingestion.models import Library
from ingestion.text import language_of

Say = Callable[[str], object]
HINT = "take it in: manage.py evaluate --take-in, or manage.py ingest_folder FOLDER --library"


@dataclass(frozen=True, slots=True)
class Options:
    """What `manage.py evaluate` was told. `golden` and `data` are folders, empty for none."""

    library: str
    golden: str = ""
    data: str = ""
    kinds: tuple[str, ...] = ()
    split: str = ""
    sample: int = 0
    seed: int = 1
    retrieval_only: bool = False
    baseline: bool = False

    def row(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {**asdict(self), "kinds": list(self.kinds)}

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Options":
        """The options a run was begun with."""
        return cls(**{**{name: row[name] for name in cls.__dataclass_fields__}, "kinds": tuple(row["kinds"])})


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions to one library. `published`: a set that measures search alone, apart from the rest."""

    scope: Scope
    places: Places
    questions: tuple[Question, ...]
    published: bool = False


def batches(options: Options, say: Say) -> list[Batch]:
    """Everything the options ask for; `say` is told what is left out and why.

    Raises NotFound for an unknown library, EvaluationSetUnreadable.
    """
    own = _library_batch(options, say)
    published = list(_published(options, say)) if options.data else []
    return [batch for batch in (own, *published) if batch.questions]


def scope_of(name: str) -> Scope:
    """The library of that name, to read. Raises NotFound."""
    library = Library.objects.filter(name=name).first()
    if library is None:
        raise NotFound
    return Scope(user_id=None, readable=frozenset({library.id}), owned=frozenset())


def sets(data: Path, say: Say) -> Iterator[Corpus]:
    """Every set that measures search alone: the published ones that are in the folder, and the generated ones."""
    yield from corpora(data, say)
    yield from (variants("ja"), variants("en"))


def corpus_library(corpus: Corpus) -> str:
    """The name of the library that holds the corpus and nothing else."""
    return f"Evaluation: {corpus.name}"


def _library_batch(options: Options, say: Say) -> Batch:
    scope = scope_of(options.library)
    golden = read_golden(Path(options.golden)) if options.golden else Golden((), ())
    places = manuals_in(scope, golden.manuals)
    for manual in missing_manuals(places, golden.manuals):
        say(f'not in the library: {manual.key} (apt-get install {manual.package}; {HINT} "{options.library}")')
    there = [question for question in golden.questions if places.holds(question)]
    if len(there) < len(golden.questions):
        say(f"left out: {len(golden.questions) - len(there)} questions about manuals that are not there")
    if golden.questions and not any(question.evidence for question in there):
        raise EvaluationSetUnreadable(file=options.golden, problem="none of its manuals is in the library")
    found = [*there, *own_questions(options.library, say)]
    drawn = chosen(found, kinds=options.kinds, split=options.split, limit=options.sample, seed=options.seed)
    return Batch(scope, places, tuple(drawn))


def own_questions(library: str, say: Say) -> Iterator[Question]:
    """The questions that administrators took from conversations, about this library."""
    rows = EvaluationQuestion.objects.filter(library__name=library).order_by("id")
    waiting = sum(not row.ready for row in rows)
    if waiting:
        say(f"left out: {waiting} evaluation questions that do not say what is expected yet (see the administration)")
    return (_own(row) for row in rows if row.ready)


def _own(row: EvaluationQuestion) -> Question:
    return Question(
        id=f"own-{row.pk}",
        kind=UNANSWERABLE if row.unanswerable else row.kind,
        language=language_of(row.question),
        text=row.question,
        evidence=_lines(row.evidence),
        expect=_lines(row.expect),
        answer=row.answer,
    )


def _lines(text: str) -> tuple[tuple[str, ...], ...]:
    """One group for each line; | divides what will do."""
    groups = (tuple(part.strip() for part in line.split("|") if part.strip()) for line in text.splitlines())
    return tuple(group for group in groups if group)


def _published(options: Options, say: Say) -> Iterator[Batch]:
    for corpus in sets(Path(options.data), say):
        name = corpus_library(corpus)
        try:
            scope = scope_of(name)
        except NotFound:
            say(f'skipped: {corpus.name} (there is no library "{name}"; manage.py evaluate --take-in makes it)')
            continue
        places = corpus_in(scope, corpus, hashlib.sha256(corpus.file()).hexdigest())
        if not places.documents:
            say(f'skipped: {corpus.name} (its document in "{name}" is not ready)')
            continue
        drawn = chosen(corpus.questions, kinds=options.kinds, limit=options.sample, seed=options.seed)
        yield Batch(scope, places, tuple(drawn), published=True)
