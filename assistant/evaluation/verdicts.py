"""How well the check of a sentence tells what its source supports: JNLI's pairs, and generated contradictions.

The check is the product's own, `assistant.citations.judge`, with the real embedder.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import numpy as np

from assistant.calibration import UNCALIBRATED, Calibration
from assistant.citations import HELD, Evidence, Judgement, judge
from assistant.errors import EvaluationSetUnreadable
from assistant.evaluation.contradictions import KINDS, changed, names_in
from assistant.evaluation.scores import Share
from assistant.evaluation.vectors import VectorCache
from assistant.terms import content_terms, held_share
from ingestion.text import sentence_spans

LABELS = ("entailment", "neutral", "contradiction")
HELDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
CLOSES = (0.84, 0.86, 0.88, 0.90, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.98)
SEED = 20261127
_JNLI = "jglue/jnli-valid-v1.3.json"
_SECTIONS = "ja-en-sections/sections.jsonl"
_NOBODY = UUID(int=0)
_SHORTEST, _LONGEST = 12, 300
_LEAST_TERMS = 3
_LITERALS = frozenset({"literal", "negation"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim beside the sentence that is cited for it, and what people say of the two."""

    label: str
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What the check sees in a pair, and how it ends.

    `words`: share of the claim's terms that the source holds; `closeness`: cosine; `turned`: a literal is absent or a
    denial turned round. `kept`: shown as proved in its own words; `quoted`: the source is shown in its place.
    """

    label: str
    words: float
    closeness: float
    turned: bool
    kept: bool
    quoted: bool


@dataclass(frozen=True, slots=True)
class Caught:
    """Of generated contradictions of one kind, those that the literal and negation checks saw."""

    kind: str
    share: Share
    missed: tuple[tuple[str, str], ...]
    """(source, what was said instead), of those that they did not see."""


def jnli(data: Path) -> list[Pair]:
    """JNLI's validation pairs: does the first sentence support the second? Raises EvaluationSetUnreadable."""
    return [Pair(row["label"], row["sentence2"], row["sentence1"]) for row in _lines(data / _JNLI)]


def manual_sentences(data: Path, *, sections: int = 600, seed: int = SEED) -> list[str]:
    """Sentences of so many sections of ten manuals in both languages, each once. Raises EvaluationSetUnreadable."""
    rows = _lines(data / _SECTIONS)
    drawn = Random(seed).sample(rows, min(sections, len(rows)))  # noqa: S311 - a draw that can be repeated
    texts = (row[language] for row in drawn for language in ("ja", "en"))
    return list(dict.fromkeys(sentence for text in texts for sentence in sentences(text)))


def sentences(text: str) -> Iterator[str]:
    """Those that say enough to be cited, and are no longer than what is."""
    for start, end in sentence_spans(text):
        if _SHORTEST <= end - start <= _LONGEST and len(content_terms(text[start:end])) >= _LEAST_TERMS:
            yield " ".join(text[start:end].split())


def measured(pairs: Sequence[Pair], vectors: VectorCache, calibration: Calibration) -> list[Measured]:
    """Every pair through the whole check."""
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.claim, pair.source)))
    vector = dict(zip(texts, np.asarray(vectors.passages(texts)), strict=True))

    def closeness(text: str, others: Sequence[str]) -> float:
        return max((float(np.dot(vector[text], vector[other])) for other in others), default=0.0)

    return [_measured(pair, closeness, calibration) for pair in pairs]


def _measured(pair: Pair, closeness: Callable[[str, Sequence[str]], float], calibration: Calibration) -> Measured:
    found = _judged(pair.claim, pair.source, closeness, calibration)
    return Measured(
        label=pair.label,
        words=held_share(pair.claim, [pair.source]),
        closeness=closeness(pair.claim, [pair.source]),
        turned=_turned(pair.claim, pair.source),
        kept=found.supported and not found.quoted,
        quoted=found.quoted,
    )


def _judged(
    claim: str,
    source: str,
    closeness: Callable[[str, Sequence[str]], float],
    calibration: Calibration,
    question: str = "",
) -> Judgement:
    evidence = Evidence(1, _NOBODY, "", _NOBODY, 1, 1, 0, len(source), source)
    return judge(claim, [1], [evidence], closeness, calibration, question=question)


def _turned(claim: str, source: str) -> bool:
    """Whether the literal and negation checks speak against it."""
    # What only repeats the question is neither given a citation nor replaced: the checks of what it cites decide.
    found = _judged(claim, source, _same, UNCALIBRATED, question=claim)
    return any(reason["check"] in _LITERALS for reason in found.reasons)


def _same(_text: str, _others: Sequence[str]) -> float:
    return 1.0


def share_kept(rows: Iterable[Measured], label: str, *, close: float, held: float) -> Share:
    """Of that label's pairs, those that pass every check with these bounds, nothing proposed or quoted."""
    these = [row for row in rows if row.label == label]
    return Share(sum(not row.turned and row.words >= held and row.closeness >= close for row in these), len(these))


def as_shipped(rows: Iterable[Measured], label: str) -> tuple[Share, Share]:
    """(kept, replaced by a quotation) of that label's pairs, by the whole check as users get it."""
    these = [row for row in rows if row.label == label]
    return Share(sum(row.kept for row in these), len(these)), Share(sum(row.quoted for row in these), len(these))


def contradicted(texts: Sequence[str], *, most: int, seed: int = SEED) -> list[Caught]:
    """At most so many contradictions of each kind, drawn from these sentences, and how many were seen.

    One counts where its words alone would pass, so that nothing but the literal and negation checks can see it.
    """
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated
    drawn = chance.sample(texts, len(texts))
    names = sorted({name for text in drawn for name in names_in(text)})
    return [_caught(kind, drawn, names, most, chance) for kind in KINDS]


def _caught(kind: str, texts: Iterable[str], names: Sequence[str], most: int, chance: Random) -> Caught:
    wrong = ((source, said) for source in texts for said in changed(source, kind, chance, names))
    pairs = list(islice(((source, said) for source, said in wrong if held_share(said, [source]) >= HELD), most))
    missed = tuple((source, said) for source, said in pairs if not _turned(said, source))
    return Caught(kind, Share(len(pairs) - len(missed), len(pairs)), missed)


def unharmed(texts: Sequence[str], *, most: int, seed: int = SEED) -> Share:
    """Of so many sentences said as they stand, those that neither check speaks against: it should be all."""
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated
    drawn = chance.sample(texts, min(most, len(texts)))
    return Share(sum(not _turned(text, text) for text in drawn), len(drawn))


def curves(rows: Sequence[Measured], *, close: float, held: float) -> Mapping[str, dict[str, list[float | None]]]:
    """{"words": {label: share kept at each of HELDS}, "closeness": {label: … CLOSES}}, the other bound as given."""
    found: dict[str, dict[str, list[float | None]]] = defaultdict(dict)
    for label in LABELS:
        found["words"][label] = [share_kept(rows, label, close=close, held=one).value for one in HELDS]
        found["closeness"][label] = [share_kept(rows, label, close=one, held=held).value for one in CLOSES]
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        raise EvaluationSetUnreadable(file=str(path), problem="it is not there") from None
    except json.JSONDecodeError as error:
        raise EvaluationSetUnreadable(file=str(path), problem=str(error)) from error
