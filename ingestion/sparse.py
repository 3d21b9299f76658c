"""Sparse vectors of our own: BM25 term weights over character bigrams (CJK), stemmed words and whole part numbers."""

from dataclasses import dataclass

RECIPE = "sparse-1"


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Term ids (unsigned 32 bit, distinct, ascending) and their weights. IDF is applied by the index."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


def encode_passage(text: str) -> SparseVector:
    """Term weights of a passage: BM25's saturated term frequency; the index multiplies IDF."""
    raise NotImplementedError


def encode_query(text: str) -> SparseVector:
    """Term weights of a question."""
    raise NotImplementedError
