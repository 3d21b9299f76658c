"""Many outcomes as figures: of all questions, of each kind, of each language, of each kind in each language. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation import scores
from assistant.evaluation.scores import Share, ShownSentence

ALL = "all"
Figures = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One question's outcome (assistant.evaluation.asking) beside what was expected (Question.gold)."""

    kind: str
    language: str
    gold: dict[str, Any]
    outcome: dict[str, Any]

    @property
    def answerable(self) -> bool:
        """Whether the documents hold the answer."""
        return bool(self.gold["answerable"])

    @property
    def groups(self) -> list[list[str]]:
        """The evidence it needs."""
        return list(self.gold["evidence"])

    @property
    def abstained(self) -> bool:
        """Whether the answer was refused."""
        return bool(self.outcome["abstained"])

    @property
    def sentences(self) -> list[ShownSentence]:
        """What a user sees."""
        return [ShownSentence(one["supported"], tuple(one["cited"])) for one in self.outcome["sentences"]]

    @property
    def cited(self) -> list[str]:
        """The pages cited by any sentence."""
        return [page for sentence in self.sentences for page in sentence.cited]


def summarise(rows: Iterable[Row]) -> dict[str, Any]:
    """{"groups": {name: figures}, "curve": [[threshold, coverage, risk]]}.

    The groups are all, each kind, each language, and each kind in each language ("table/ja").
    """
    kept = list(rows)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in kept:
        for name in (ALL, row.kind, row.language, f"{row.kind}/{row.language}"):
            groups[name].append(row)
    return {"groups": {name: figures(members) for name, members in groups.items()}, "curve": _curve(kept)}


def figures(rows: Sequence[Row]) -> Figures:
    """Every figure of these questions; None where there is nothing to count."""
    answered = [row for row in rows if "abstained" in row.outcome]
    return {
        "questions": len(rows),
        **_retrieval([row for row in rows if row.groups]),
        **_answers([row for row in answered if row.answerable]),
        "refused_unanswerable": _refused([row for row in answered if not row.answerable]),
        **scores.latency(row.outcome["timings"] for row in rows),
    }


def _retrieval(rows: Sequence[Row]) -> Figures:
    measures = {
        "hit@1": (scores.hit_at, 1),
        "hit@3": (scores.hit_at, 3),
        "hit@5": (scores.hit_at, 5),
        "recall@5": (scores.recall_at, 5),
        "recall@10": (scores.recall_at, 10),
        "ndcg@10": (scores.ndcg_at, 10),
        "all_evidence@10": (scores.all_evidence_at, 10),
    }
    return {
        name: scores.mean([score(row.outcome["pages"], row.groups, k) for row in rows])
        for name, (score, k) in measures.items()
    }


def _answers(rows: Sequence[Row]) -> Figures:
    """Of answerable questions: all of them for `correct` and false refusals, those answered for the rest."""
    said = [row for row in rows if not row.abstained]
    pointed = [row for row in said if row.groups]
    return {
        "correct": scores.pooled(Share(int(row.outcome["right"]), 1) for row in rows).value,
        "page_precision": _pooled(scores.citation_precision(row.cited, row.groups) for row in pointed),
        "page_recall": _pooled(scores.citation_recall(row.cited, row.groups) for row in pointed),
        "sentence_precision": _pooled(scores.sentence_precision(row.sentences, row.groups) for row in pointed),
        "sentence_recall": _pooled(scores.sentence_recall(row.sentences, row.groups) for row in pointed),
        "unsupported_shown": _pooled(scores.unsupported_shown(row.sentences) for row in said),
        "refused_answerable": _refused(rows),
    }


def _pooled(shares: Iterable[Share]) -> float | None:
    return scores.pooled(shares).value


def _refused(rows: Sequence[Row]) -> float | None:
    return scores.refused([row.abstained for row in rows]).value


def _curve(rows: Sequence[Row]) -> list[list[float]]:
    asked = [row for row in rows if "abstained" in row.outcome]
    answered = [(row.outcome["confidence"], bool(row.outcome["right"])) for row in asked if not row.abstained]
    points = scores.coverage_risk(answered, len(asked)) if asked else []
    return [[point.threshold, round(point.coverage, 4), round(point.risk, 4)] for point in points]
