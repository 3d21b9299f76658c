"""The vector index: one Protocol, two implementations (Qdrant Edge, Qdrant server), one contract suite.

`scope` is a required keyword of `search`: an unguarded search cannot be written by accident.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Lock
from typing import Protocol
from uuid import UUID, uuid5

from django.conf import settings

from config.portfolio import model_named, models
from ingestion.access import Scope
from ingestion.searched import searched_model
from ingestion.sparse import SparseVector

_NAMESPACE = UUID("5f0c9c52-6a43-4d0c-9d4e-7d1a2b9a7f10")
_opening = Lock()
_opened: dict[str, "VectorIndex"] = {}


@dataclass(frozen=True, slots=True)
class Point:
    """One chunk in the index. `access_key` is the one key the access filter compares; `language` is "ja" or "en"."""

    id: UUID
    revision_id: UUID
    ordinal: int
    access_key: str
    language: str
    dense: Sequence[float]
    sparse: SparseVector


@dataclass(frozen=True, slots=True)
class Hit:
    """A point found by one leg, with that leg's raw score (cosine, or BM25)."""

    revision_id: UUID
    ordinal: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What both legs found, best first."""

    dense: tuple[Hit, ...]
    sparse: tuple[Hit, ...]


class VectorIndex(Protocol):
    """Points in, hits out. Every operation done twice changes nothing."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points; a point with a known id replaces the old one."""

    def delete_points(self, ids: Iterable[UUID]) -> None:
        """Remove these points."""

    def delete_revisions(self, revision_ids: Iterable[UUID]) -> None:
        """Remove every point of these revisions."""

    def search(
        self,
        dense: Sequence[float],
        sparse: SparseVector,
        *,
        scope: Scope,
        limit: int,
        without: Collection[UUID] = (),
        within: Collection[UUID] | None = None,
        language: str | None = None,
    ) -> Found:
        """The best `limit` points of each leg among those whose access key is in the scope. Exact, not approximate.

        `without`: revisions whose points are passed over. They are left out before the best are chosen, not after.
        `within`: only points of these revisions, of none where it is empty; None asks nothing.
        `language`: only passages in it. Points written before they had a language are in none.
        """

    def point_ids(self) -> Iterator[tuple[UUID, UUID]]:
        """Every (point id, revision id) in the index."""

    def count(self) -> int:
        """How many points the index holds."""

    def clear(self) -> None:
        """Remove everything: the first half of a rebuild."""

    def drop(self) -> None:
        """Remove everything and let go: nothing of it is left, in files or on the server."""

    def ping(self) -> None:
        """Return if the index answers. Raises IndexUnavailable if not."""

    def close(self) -> None:
        """Flush and let go of the files."""


def point_id(revision_id: UUID, ordinal: int, recipe: str) -> UUID:
    """The id of a chunk's point: the same step done twice writes the same point."""
    return uuid5(_NAMESPACE, f"{revision_id}/{ordinal}/{recipe}")


def payload_of(point: Point) -> dict[str, str | int]:
    """What is kept beside a point's vectors, the same in every index."""
    return {
        "revision": str(point.revision_id),
        "ordinal": point.ordinal,
        "access": point.access_key,
        "language": point.language,
    }


def required_of(scope: Scope, language: str | None, within: Collection[UUID] | None) -> dict[str, list[str]]:
    """What a point's payload must be, field by field, to be found: one of these. No other place says who finds what.

    A scope that may read nothing has no keys, and no point has one of none.
    """
    asked = {"access": list(scope.access_keys)}
    if language:
        asked["language"] = [language]
    if within is not None:
        asked["revision"] = [str(value) for value in within]
    return asked


def vector_index(model: str = "") -> VectorIndex:
    """The index of that embedding model (default: the one searched with), opened on first use in this process.

    On the Qdrant server where QDRANT_URL is set, else in Qdrant Edge. Raises IndexHeld where another process has the
    Edge files open, IndexUnavailable where the engine does not answer.
    """
    name = model or searched_model()
    with _opening:
        if name not in _opened:
            _opened[name] = _open(name)
        return _opened[name]


def drop_index(model: str) -> None:
    """Remove the index of a model that is no longer searched with, from the disk too."""
    index = vector_index(model)
    with _opening:
        _opened.pop(model, None)
        index.drop()


def kept_indexes() -> list[str]:
    """The approved models that have an index, in use or not."""
    if settings.QDRANT_URL:
        from ingestion.index.server import collections, connect

        with closing(connect(settings.QDRANT_URL, settings.QDRANT_API_KEY)) as client:
            there = collections(client)
    else:
        from ingestion.index.edge import folders

        there = folders(settings.DATA_DIR / "index")
    return [model.name for model in models() if model.role == "embed" and model.name in there]


def close_index() -> None:
    """Flush and let go of the files that this process has open. The next `vector_index()` opens them again."""
    with _opening:
        while _opened:
            _opened.popitem()[1].close()


def _open(name: str) -> VectorIndex:
    model = model_named(name, "embed")
    if settings.QDRANT_URL:
        from ingestion.index.server import ServerIndex, connect

        return ServerIndex(connect(settings.QDRANT_URL, settings.QDRANT_API_KEY), model.name, model.dimension)
    from ingestion.index.edge import EdgeIndex

    return EdgeIndex(settings.DATA_DIR / "index" / model.name, model.dimension)
