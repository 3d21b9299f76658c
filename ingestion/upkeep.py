"""Index and database against each other: compared, repaired, rebuilt. The database is the truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ingestion import chunking, stages
from ingestion.files import file_path, orphans, remove_files
from ingestion.index import point_id, vector_index
from ingestion.leases import Lease
from ingestion.models import Chunk, ChunkVector, IndexBuild, Revision


@dataclass(frozen=True, slots=True)
class Comparison:
    """What both sides hold. `missing`: chunks without a point, by revision. `surplus`: points without a chunk."""

    chunks: int
    points: int
    missing: dict[UUID, int]
    surplus: frozenset[UUID]
    files_missing: tuple[UUID, ...]
    files_surplus: tuple[UUID, ...]

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to repair (a missing file cannot be repaired, only restored)."""
        return not (self.missing or self.surplus or self.files_surplus)


class _Standing(Lease):
    """A lease on nothing: the work of a command is nobody's run."""

    __slots__ = ()

    def beat(self, *, force: bool = False, **counts: int) -> None:
        """Go on."""


def compare() -> Comparison:
    """Compare point ids in the index with those the database's current chunks must have, and files with revisions."""
    wanted = dict(_wanted_points(stages.active_build()))
    held = {identity for identity, _ in vector_index().point_ids()}
    missing: dict[UUID, int] = {}
    for identity in wanted.keys() - held:
        missing[wanted[identity]] = missing.get(wanted[identity], 0) + 1
    return Comparison(
        chunks=len(wanted),
        points=len(held),
        missing=missing,
        surplus=frozenset(held - wanted.keys()),
        files_missing=tuple(row.id for row in Revision.objects.iterator() if not file_path(row).exists()),
        files_surplus=tuple(orphans()),
    )


def repair(found: Comparison) -> None:
    """Remove what the database does not know, write what the index lacks; vectors that exist are not computed."""
    vector_index().delete_points(found.surplus)
    remove_files(found.files_surplus)
    for revision in Revision.objects.filter(id__in=found.missing).select_related("document"):
        _write(revision, stages.active_build())


def rebuild(on_revision: Callable[[Revision, int], None]) -> int:
    """Empty the index and write every current revision again; only missing vectors are computed. Returns points."""
    build = stages.active_build()
    vector_index().clear()
    for done, revision in enumerate(current_revisions(), start=1):
        _write(revision, build)
        on_revision(revision, done)
    return vector_index().count()


def without_vector() -> int:
    """How many chunks of current revisions `rebuild` has to embed, or to cut anew first."""
    vectors = ChunkVector.objects.filter(build__model=settings.EMBED_MODEL, content_hash=OuterRef("content_hash"))
    return _findable().filter(~Exists(vectors) | ~Q(revision__recipe=chunking.RECIPE)).count()


def current_revisions() -> QuerySet[Revision]:
    """The revisions that are answered from."""
    return Revision.objects.filter(document__current=F("id")).select_related("document").order_by("id")


def _findable() -> QuerySet[Chunk]:
    """The chunks that the index must hold: of a revision that is still being read, those that can be found already."""
    current = Chunk.objects.filter(revision__document__current=F("revision"))
    return current.filter(Q(revision__pages_findable=None) | Q(page__number__lte=F("revision__pages_findable")))


def _write(revision: Revision, build: IndexBuild) -> None:
    lease = _Standing(0, "command")
    if revision.pages_findable is not None:  # its run does the rest
        findable = revision.chunks.filter(page__number__lte=revision.pages_findable).count()
        stages.index_chunks(lease, revision, build, range(findable))
        return
    if revision.recipe != chunking.RECIPE:
        stages.cut_chunks(lease, revision)
    stages.compute_vectors(lease, revision, build)
    for points in stages.points_of(revision, build):
        vector_index().upsert(points)


def _wanted_points(build: IndexBuild) -> Iterator[tuple[UUID, UUID]]:
    recipe = stages.recipe_of(build)
    for revision_id, ordinal in _findable().values_list("revision_id", "ordinal").iterator(chunk_size=5000):
        yield point_id(revision_id, ordinal, recipe), revision_id
