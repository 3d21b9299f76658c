"""The only door to sentence-transformers: passages and questions side by side, so prefixes cannot drift apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingestion.sparse import SparseVector

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Unit-length vectors, float32. Thread-safe."""

    name: str
    dimension: int
    max_tokens: int

    def passages(self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None) -> Vectors:
        """(n, dimension), one row per text. `on_batch` is told how many texts are done."""

    def query(self, text: str) -> Vectors:
        """(dimension,)."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the model each text takes, without prompt and special tokens."""


@dataclass(frozen=True, slots=True)
class QueryVectors:
    """A question as the index searches it."""

    dense: Vectors
    sparse: SparseVector


def embedder() -> Embedder:
    """The embedder of EMBED_MODEL, loaded once per process on first use. Raises EmbedderUnavailable."""
    raise NotImplementedError


def embed_query(text: str) -> QueryVectors:
    """Both vectors of a question."""
    raise NotImplementedError
