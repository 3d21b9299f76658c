"""What quality means, as pure functions: retrieval, answers, citations, refusals, time, coverage and risk.

A *ranking* is what was found, best first, without repeats. *Groups* are the evidence a question needs: every group must
be found, any member of a group will do (docs: tests/golden/README.md). Members may be any hashable thing; in the
golden set they are pages, "manual:12".
"""

import math
import unicodedata
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Member = TypeVar("Member", bound=Hashable)
Groups = Sequence[Collection[Member]]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`. Shares of many questions are pooled: their hits over their totals."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The hits over the total; None of nothing."""
        return self.hits / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """One sentence a user sees: its verdict, and the pages it cites."""

    supported: bool
    cited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """With answers below `threshold` withheld: the share of questions answered, and of those the share wrong."""

    threshold: float
    coverage: float
    risk: float


def recall_at(ranking: Sequence[Member], groups: Groups[Member], k: int) -> float:
    """recall@k: the share of evidence groups with a member among the first k. Raises ValueError without groups."""
    return len(_found(ranking[:k], groups)) / _counted(groups)


def hit_at(ranking: Sequence[Member], groups: Groups[Member], k: int) -> float:
    """hit@k: 1 where any evidence group has a member among the first k, else 0. Raises ValueError without groups."""
    _counted(groups)
    return float(bool(_found(ranking[:k], groups)))


def all_evidence_at(ranking: Sequence[Member], groups: Groups[Member], k: int) -> float:
    """all-evidence@k: 1 where every group has a member among the first k, else 0. Raises ValueError without groups."""
    return float(len(_found(ranking[:k], groups)) == _counted(groups))


def ndcg_at(ranking: Sequence[Member], groups: Groups[Member], k: int) -> float:
    """nDCG@k (Järvelin and Kekäläinen 2002): a rank gains the groups it is first to cover, over log2(rank + 1).

    Divided by the gain of covering one group at each of the first ranks; at most 1, as a page may cover two groups.
    With one member in each group this is binary nDCG. Raises ValueError without groups.
    """
    count, seen, gain = _counted(groups), set[int](), 0.0
    for rank, member in enumerate(ranking[:k], start=1):
        new = {number for number, group in enumerate(groups) if member in group} - seen
        gain += len(new) / math.log2(rank + 1)
        seen |= new
    return min(1.0, gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(k, count) + 1)))


def _found(members: Iterable[Member], groups: Groups[Member]) -> set[int]:
    there = set(members)
    return {number for number, group in enumerate(groups) if not there.isdisjoint(group)}


def _counted(groups: Groups[Member]) -> int:
    if not groups:
        raise ValueError("A question without evidence has no retrieval score.")
    return len(groups)


def folded(text: str) -> str:
    """NFKC, case and blanks folded: how an answer and what is expected of it are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_correct(answer: str, expect: Sequence[Collection[str]]) -> bool:
    """Whether every group of `expect` has one of its strings in the answer, both `folded`.

    Raises ValueError where nothing is expected: every answer would be right.
    """
    if not expect:
        raise ValueError("A question that expects nothing has no right answer.")
    said = folded(answer)
    return all(any(folded(string) in said for string in group) for group in expect)


def citation_precision(cited: Iterable[Member], groups: Groups[Member]) -> Share:
    """Page level: of the different pages cited, how many stand in an evidence group."""
    pages = set(cited)
    return Share(sum(any(page in group for group in groups) for page in pages), len(pages))


def citation_recall(cited: Iterable[Member], groups: Groups[Member]) -> Share:
    """Page level: of the evidence groups, how many have a page that is cited."""
    return Share(len(_found(cited, groups)), len(groups))


def sentence_precision(sentences: Iterable[ShownSentence], groups: Groups[str]) -> Share:
    """Sentence level: of the sentences shown as supported, how many cite at least one page of the evidence."""
    supported = [sentence for sentence in sentences if sentence.supported]
    return Share(sum(_rightly_cited(sentence, groups) for sentence in supported), len(supported))


def sentence_recall(sentences: Sequence[ShownSentence], groups: Groups[str]) -> Share:
    """Sentence level: of all sentences shown, how many are supported and cite at least one page of the evidence."""
    return Share(sum(one.supported and _rightly_cited(one, groups) for one in sentences), len(sentences))


def _rightly_cited(sentence: ShownSentence, groups: Groups[str]) -> bool:
    return any(page in group for page in sentence.cited for group in groups)


def unsupported_shown(sentences: Sequence[ShownSentence]) -> Share:
    """Of all sentences shown, how many carry the verdict "unsupported"."""
    return Share(sum(not sentence.supported for sentence in sentences), len(sentences))


def refused(abstained: Sequence[bool]) -> Share:
    """How many questions were refused: of unanswerable ones this should be all, of answerable ones (false) none."""
    return Share(sum(abstained), len(abstained))


def pooled(shares: Iterable[Share]) -> Share:
    """Many questions' shares as one: hits over totals (micro average)."""
    kept = list(shares)
    return Share(sum(share.hits for share in kept), sum(share.total for share in kept))


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean over questions (macro average); None of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of the values do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latency(timings: Iterable[dict[str, float | None]]) -> dict[str, float | None]:
    """p50 and p95 in milliseconds of retrieve, first token and total, where they were measured."""
    kept = list(timings)
    parts = {name: [value for row in kept if (value := row.get(f"{name}_ms")) is not None] for name in _PARTS}
    return {
        f"{name}_p{round(share * 100)}_ms": percentile(values, share)
        for name, values in parts.items()
        for share in (0.5, 0.95)
    }


_PARTS = ("retrieve", "first_token", "total")


def coverage_risk(answered: Iterable[tuple[float, bool]], questions: int) -> list[RiskPoint]:
    """The coverage-risk curve (El-Yaniv and Wiener 2010) of (confidence, right) of the questions that were answered.

    `questions` counts the refused ones too, so the curve ends at the share answered. One point per different
    confidence, highest first. An answer to an unanswerable question is wrong.
    """
    rows = sorted(answered, reverse=True)
    points: dict[float, RiskPoint] = {}
    wrong = 0
    for count, (confidence, right) in enumerate(rows, start=1):
        wrong += not right
        points[confidence] = RiskPoint(confidence, count / questions, wrong / count)
    return list(points.values())
