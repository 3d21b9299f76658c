"""Qdrant server over `qdrant-client`: one collection per embedding model."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.conf import settings

from ingestion.access import Scope
from ingestion.errors import IndexUnavailable
from ingestion.index import Found, Hit, Point, payload_of, required_of
from ingestion.sparse import SparseVector

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

T = TypeVar("T")
_PREFIX = "tenkyo-"
_UPSERT_POINTS = 256
_SCROLL_POINTS = 2000
_TIMEOUT_SECONDS = 30


def connect(url: str, api_key: str | None) -> "QdrantClient":
    """A client of the server at `url`; it connects on first use."""
    from qdrant_client import QdrantClient

    return QdrantClient(url=url, api_key=api_key, timeout=_TIMEOUT_SECONDS, check_compatibility=False)


def collections(client: "QdrantClient") -> set[str]:
    """The names of the indexes on the server. Raises IndexUnavailable."""
    from qdrant_client.http.exceptions import ApiException

    try:
        found = client.get_collections().collections
    except (ApiException, OSError) as error:
        raise IndexUnavailable(reason=str(error)) from error
    return {row.name.removeprefix(_PREFIX) for row in found if row.name.startswith(_PREFIX)}


class ServerIndex:
    """`VectorIndex` over a Qdrant server. The client is thread-safe; the server orders the writes."""

    def __init__(self, client: "QdrantClient", name: str, dimension: int) -> None:
        """Use the collection of that name, made where it is missing. Raises IndexUnavailable."""
        self._client = client
        self._name = _PREFIX + name
        self._dimension = dimension
        self._ask(self._create)

    def upsert(self, points: Sequence[Point]) -> None:
        """Write points; a point with a known id replaces the old one. Returns when they are searchable."""
        for start in range(0, len(points), _UPSERT_POINTS):
            batch = [_stored(point) for point in points[start : start + _UPSERT_POINTS]]
            self._ask(partial(self._client.upsert, self._name, batch, wait=True))

    def delete_points(self, ids: Iterable[UUID]) -> None:
        """Remove these points."""
        from qdrant_client.models import PointIdsList

        found: list[Any] = [str(value) for value in ids]
        if found:
            self._ask(lambda: self._client.delete(self._name, PointIdsList(points=found), wait=True))

    def delete_revisions(self, revision_ids: Iterable[UUID]) -> None:
        """Remove every point of these revisions."""
        from qdrant_client.models import FilterSelector

        keys = [str(value) for value in revision_ids]
        if keys:
            chosen = FilterSelector(filter=_filter({"revision": keys}))
            self._ask(lambda: self._client.delete(self._name, chosen, wait=True))

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
        """The best `limit` points of each leg inside the scope, in one round trip."""
        required = required_of(scope, language, within)
        if not all(required.values()):
            return Found((), ())
        from qdrant_client import models

        # Two filters at once over a graph lose most of the recall.
        exact = bool(without or len(required) > 1) or self.count() < settings.EXACT_SEARCH_LIMIT
        allowed = _filter(required, without)
        legs = [_leg(list(map(float, dense)), "dense", allowed, limit, exact=exact)]
        if sparse.indices:
            wanted = models.SparseVector(indices=list(sparse.indices), values=list(sparse.values))
            legs.append(_leg(wanted, "sparse", allowed, limit, exact=exact))
        answers = self._ask(lambda: self._client.query_batch_points(self._name, legs))
        return Found(_hits(answers[0].points), _hits(answers[1].points) if sparse.indices else ())

    def point_ids(self) -> Iterator[tuple[UUID, UUID]]:
        """Every (point id, revision id) in the index."""
        offset: Any = None
        while True:
            page = partial(self._client.scroll, self._name, offset=offset, limit=_SCROLL_POINTS)
            records, offset = self._ask(partial(page, with_payload=["revision"], with_vectors=False))
            yield from ((UUID(str(record.id)), UUID((record.payload or {})["revision"])) for record in records)
            if offset is None:
                return

    def count(self) -> int:
        """How many points the index holds."""
        return self._ask(lambda: self._client.count(self._name, exact=True).count)

    def clear(self) -> None:
        """Remove everything: the collection is made anew."""
        self._ask(lambda: self._client.delete_collection(self._name))
        self._ask(self._create)

    def drop(self) -> None:
        """Remove the collection."""
        self._ask(lambda: self._client.delete_collection(self._name))
        self.close()

    def ping(self) -> None:
        """Return if the server answers. Raises IndexUnavailable if not."""
        self._ask(lambda: self._client.get_collection(self._name))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _create(self) -> None:
        from qdrant_client import models

        if self._client.collection_exists(self._name):
            return
        self._client.create_collection(
            self._name,
            vectors_config={"dense": models.VectorParams(size=self._dimension, distance=models.Distance.COSINE)},
            sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
            optimizers_config=models.OptimizersConfigDiff(
                # In KB: below this a segment keeps no graph, so searching it is exact by construction.
                indexing_threshold=settings.EXACT_SEARCH_LIMIT * self._dimension * 4 // 1024
            ),
        )
        for field in ("access", "revision", "language"):
            self._client.create_payload_index(self._name, field, models.PayloadSchemaType.KEYWORD)

    def _ask(self, question: Callable[[], T]) -> T:
        from qdrant_client.http.exceptions import ApiException

        try:
            return question()
        except (ApiException, OSError) as error:
            raise IndexUnavailable(reason=str(error)) from error


def _stored(point: Point) -> Any:
    from qdrant_client import models

    sparse = models.SparseVector(indices=list(point.sparse.indices), values=list(point.sparse.values))
    return models.PointStruct(
        id=str(point.id),
        vector={"dense": [float(value) for value in point.dense], "sparse": sparse},
        payload=payload_of(point),
    )


def _leg(vector: Any, using: str, allowed: Any, limit: int, *, exact: bool) -> Any:
    from qdrant_client import models

    return models.QueryRequest(
        query=vector,
        using=using,
        filter=allowed,
        limit=limit,
        with_payload=["revision", "ordinal"],
        params=models.SearchParams(exact=exact),
    )


def _filter(must: Mapping[str, list[str]], without: Collection[UUID] = ()) -> Any:
    """Points that have one of the keys in each field, but for those of these revisions."""
    from qdrant_client import models

    left_out = {"revision": [str(value) for value in without]} if without else {}
    return models.Filter(must=_conditions(must), must_not=_conditions(left_out) or None)


def _conditions(wanted: Mapping[str, list[str]]) -> list[Any]:
    from qdrant_client import models

    return [models.FieldCondition(key=field, match=models.MatchAny(any=keys)) for field, keys in wanted.items()]


def _hits(points: Iterable[Any]) -> tuple[Hit, ...]:
    return tuple(
        Hit(UUID(point.payload["revision"]), int(point.payload["ordinal"]), float(point.score)) for point in points
    )
