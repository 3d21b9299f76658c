"""Both legs of a search as one ranking. Pure; the weights were chosen by measurement (docs/reference/retrieval.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ingestion.index import Hit

# The dense leg's weight; the rest is the sparse leg's.
DENSE_WEIGHT = 0.6
# What the share of the question's words that a passage says weighs beside its fused score.
SAID_WEIGHT = 0.6
# The best so many are read for their words.
READ = 15

Key = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Fused:
    """A point that either leg found, with both raw scores (the leg's lowest where it did not find it)."""

    key: Key
    score: float
    cosine: float
    words: float


def fuse(dense: Sequence[Hit], sparse: Sequence[Hit]) -> list[Fused]:
    """Both legs as one ranking: each leg's scores stretched to 0..1 and added with their weights, best first."""
    cosines, words = _by_key(dense), _by_key(sparse)
    near, told = _stretched(cosines), _stretched(words)
    lowest_cosine, lowest_words = min(cosines.values(), default=0.0), min(words.values(), default=0.0)
    fused = (
        Fused(
            key=key,
            score=DENSE_WEIGHT * near.get(key, 0.0) + (1 - DENSE_WEIGHT) * told.get(key, 0.0),
            cosine=cosines.get(key, lowest_cosine),
            words=words.get(key, 0.0 if sparse else lowest_words),
        )
        for key in {**cosines, **words}
    )
    return _ranked(fused)


def joined(*rankings: Iterable[Fused]) -> list[Fused]:
    """Several rankings as one: every point once, where it scored best."""
    best: dict[Key, Fused] = {}
    for ranking in rankings:
        for one in ranking:
            if one.key not in best or best[one.key].score < one.score:
                best[one.key] = one
    return _ranked(best.values())


def reread(best: Iterable[Fused], shares: Mapping[Key, float]) -> list[Fused]:
    """The best again, by what they say of the question too: BM25 takes one rare word often for all words once.

    Scores stay within 0..1, and none falls below those of points that were not read.
    """
    return _ranked(replace(one, score=_with_words(one.score, shares.get(one.key, 0.0))) for one in best)


def unread(rest: Iterable[Fused]) -> list[Fused]:
    """What stands behind the best, on the same scale."""
    return [replace(one, score=_with_words(one.score, 0.0)) for one in rest]


def _with_words(score: float, share: float) -> float:
    return (score + SAID_WEIGHT * share) / (1 + SAID_WEIGHT)


def _ranked(fused: Iterable[Fused]) -> list[Fused]:
    return sorted(fused, key=lambda one: (-one.score, str(one.key[0]), one.key[1]))


def _by_key(hits: Iterable[Hit]) -> dict[Key, float]:
    return {(hit.revision_id, hit.ordinal): hit.score for hit in hits}


def _stretched(scores: dict[Key, float]) -> dict[Key, float]:
    """Scores as 0 (the leg's lowest) to 1 (its highest)."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}
