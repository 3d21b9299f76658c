"""Qdrant Edge: the engine inside this process, its files in one folder that one process at a time may hold."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import RLock
from typing import IO, Any, TypeVar
from uuid import UUID

from django.conf import settings

from ingestion.access import Scope
from ingestion.errors import IndexHeld, IndexUnavailable
from ingestion.index import Found, Hit, Point, payload_of, required_of
from ingestion.sparse import SparseVector

T = TypeVar("T")
_UPSERT_POINTS = 1000
_SCROLL_POINTS = 2000
_FLUSH_EVERY = 5000


class EdgeIndex:
    """`VectorIndex` over Qdrant Edge. Reads run beside each other; writes take turns."""

    def __init__(self, folder: Path, dimension: int) -> None:
        """Open the files in `folder`, or make them. Raises IndexHeld, IndexUnavailable."""
        self._folder = folder
        self._dimension = dimension
        self._writing = RLock()
        self._held = _hold(folder)
        self._unflushed = 0
        try:
            self._shard: Any = _load(folder, dimension)
        except BaseException:
            self._held.close()
            raise

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points; a point with a known id replaces the old one. On return they survive `kill -9`."""
        import qdrant_edge

        for start in range(0, len(points), _UPSERT_POINTS):
            batch = [_stored(point) for point in points[start : start + _UPSERT_POINTS]]
            self._update(qdrant_edge.UpdateOperation.upsert_points(batch), len(batch))

    def delete_points(self, ids: Iterable[UUID]) -> None:
        """Remove these points."""
        import qdrant_edge

        found: list[Any] = [str(value) for value in ids]
        if found:
            self._update(qdrant_edge.UpdateOperation.delete_points(found), len(found))

    def delete_revisions(self, revision_ids: Iterable[UUID]) -> None:
        """Remove every point of these revisions."""
        import qdrant_edge

        keys = [str(value) for value in revision_ids]
        if keys:
            self._update(qdrant_edge.UpdateOperation.delete_points_by_filter(_filter({"revision": keys})), len(keys))

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
        """The best `limit` points of each leg inside the scope; both legs share one pass over the segments."""
        required = required_of(scope, language, within)
        if not all(required.values()):
            return Found((), ())
        import qdrant_edge

        # Two filters at once over a graph lose most of the recall.
        exact = bool(without or len(required) > 1) or self._count(exact=False) < settings.EXACT_SEARCH_LIMIT
        allowed = _filter(required, without)
        legs = [_leg(list(map(float, dense)), "dense", allowed, limit, exact=exact)]
        if sparse.indices:
            wanted = qdrant_edge.SparseVector(list(sparse.indices), list(sparse.values))
            legs.append(_leg(wanted, "sparse", allowed, limit, exact=exact))
        answers = self._ask(lambda shard: shard.query_batch(qdrant_edge.QueryBatchRequest(legs)))
        return Found(_hits(answers[0]), _hits(answers[1]) if sparse.indices else ())

    def point_ids(self) -> Iterator[tuple[UUID, UUID]]:
        """Every (point id, revision id) in the index."""
        offset = None
        while True:
            records, offset = self._ask(partial(_scrolled, offset=offset))
            yield from ((UUID(str(record.id)), UUID(record.payload["revision"])) for record in records)
            if offset is None:
                return

    def count(self) -> int:
        """How many points the index holds."""
        return self._count(exact=True)

    def clear(self) -> None:
        """Remove everything, the files too."""
        with self._writing:
            self._shard.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._shard = _load(self._folder, self._dimension)
            self._unflushed = 0

    def drop(self) -> None:
        """Remove the files, the lock's too."""
        with self._writing:
            self._shard.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            Path(self._held.name).unlink(missing_ok=True)
            self._held.close()

    def ping(self) -> None:
        """Return if the index answers. Raises IndexUnavailable if not."""
        self.count()

    def close(self) -> None:
        """Flush, optimise and let go of the files. A second call does nothing."""
        with self._writing, suppress(IndexUnavailable):
            if not self._held.closed:
                self._settle()
                self._shard.close()
                self._held.close()

    def _count(self, *, exact: bool) -> int:
        import qdrant_edge

        return int(self._ask(lambda shard: shard.count(qdrant_edge.CountRequest(exact=exact))))

    def _update(self, operation: Any, points: int) -> None:
        with self._writing:
            self._ask(lambda shard: shard.update(operation))
            self._unflushed += points
            if self._unflushed >= _FLUSH_EVERY:
                self._settle()

    def _settle(self) -> None:
        # The write-ahead log keeps what is not flushed; flushing keeps that log, and the next start, short.
        self._ask(lambda shard: shard.optimize())
        self._ask(lambda shard: shard.flush())
        self._unflushed = 0

    def _ask(self, question: Callable[[Any], T]) -> T:
        try:
            return question(self._shard)
        except Exception as error:  # the engine raises bare Exception for all its errors
            raise IndexUnavailable(reason=str(error)) from error


def folders(root: Path) -> set[str]:
    """The names of the indexes below this folder."""
    return {path.parent.name for path in root.glob("*/edge_config.json")}


def _load(folder: Path, dimension: int) -> Any:
    import qdrant_edge

    try:
        if (folder / "edge_config.json").exists():
            return qdrant_edge.EdgeShard.load(str(folder), _config(dimension))
        shutil.rmtree(folder, ignore_errors=True)  # a start that was cut off before the first point
        folder.mkdir(parents=True)
        shard = qdrant_edge.EdgeShard.create(str(folder), _config(dimension))
        for field in ("access", "revision", "language"):
            schema = qdrant_edge.PayloadSchemaType.Keyword
            shard.update(qdrant_edge.UpdateOperation.create_field_index(field, schema))
    except Exception as error:  # the engine raises bare Exception for all its errors
        raise IndexUnavailable(reason=str(error)) from error
    return shard


def _config(dimension: int) -> Any:
    import qdrant_edge

    # In KB: below this a segment keeps no graph, so searching it is exact by construction.
    graph_from = settings.EXACT_SEARCH_LIMIT * dimension * 4 // 1024
    return qdrant_edge.EdgeConfig(
        vectors={"dense": qdrant_edge.EdgeVectorParams(size=dimension, distance=qdrant_edge.Distance.Cosine)},
        sparse_vectors={"sparse": qdrant_edge.EdgeSparseVectorParams(modifier=qdrant_edge.Modifier.Idf)},
        optimizers=qdrant_edge.EdgeOptimizersConfig(indexing_threshold=graph_from),
    )


def _hold(folder: Path) -> IO[str]:
    """Take the lock file beside the folder; the kernel lets go of it when the process ends, however it ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = (folder.parent / f"{folder.name}.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = _holder(lock)
        lock.close()
        raise IndexHeld(folder=str(folder), **holder) from None
    lock.truncate(0)
    json.dump({"pid": os.getpid(), "command": " ".join(sys.argv)[:200]}, lock)
    lock.flush()
    return lock


def _holder(lock: IO[str]) -> dict[str, Any]:
    lock.seek(0)
    try:
        said = json.load(lock)
        return {"pid": int(said["pid"]), "command": str(said["command"])}
    except (ValueError, KeyError, TypeError):
        return {"pid": "?", "command": "?"}


def _scrolled(shard: Any, offset: Any) -> tuple[list[Any], Any]:
    import qdrant_edge

    request = qdrant_edge.ScrollRequest(
        offset=offset, limit=_SCROLL_POINTS, with_payload=["revision"], with_vector=False
    )
    page: tuple[list[Any], Any] = shard.scroll(request)
    return page


def _stored(point: Point) -> Any:
    import qdrant_edge

    vector: dict[str, Any] = {
        "dense": [float(value) for value in point.dense],
        "sparse": qdrant_edge.SparseVector(list(point.sparse.indices), list(point.sparse.values)),
    }
    return qdrant_edge.Point(str(point.id), vector, payload_of(point))


def _leg(vector: Any, using: str, allowed: Any, limit: int, *, exact: bool) -> Any:
    import qdrant_edge

    return qdrant_edge.QueryRequest(
        limit=limit,
        query=qdrant_edge.Query.Nearest(vector, using=using),
        filter=allowed,
        with_payload=["revision", "ordinal"],
        params=qdrant_edge.SearchParams(exact=exact),
    )


def _filter(must: Mapping[str, list[str]], without: Collection[UUID] = ()) -> Any:
    """Points that have one of the keys in each field, but for those of these revisions."""
    import qdrant_edge

    left_out = {"revision": [str(value) for value in without]} if without else {}
    return qdrant_edge.Filter(must=_conditions(must), must_not=_conditions(left_out) or None)


def _conditions(wanted: Mapping[str, list[str]]) -> list[Any]:
    import qdrant_edge

    return [qdrant_edge.FieldCondition(field, match=qdrant_edge.MatchAny(keys)) for field, keys in wanted.items()]


def _hits(points: Iterable[Any]) -> tuple[Hit, ...]:
    return tuple(
        Hit(UUID(point.payload["revision"]), int(point.payload["ordinal"]), float(point.score)) for point in points
    )
