"""Index and database against each other: compared, repaired, rebuilt. The database is the truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from ingestion import chunking, stages
from ingestion.files import file_path, orphans, remove_files
from ingestion.index import point_id, vector_index
from ingestion.leases import Lease
from ingestion.models import ChunkVector, IndexBuild, Revision
from ingestion.progress import current_revisions, findable_chunks
from ingestion.searched import look


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
    build = stages.active_build()
    wanted = dict(_wanted_points(build))
    held = {identity for identity, _ in vector_index(build.model).point_ids()}
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
    build = stages.active_build()
    vector_index(build.model).delete_points(found.surplus)
    remove_files(found.files_surplus)
    for revision in Revision.objects.filter(id__in=found.missing).select_related("document"):
        _write(revision, build)


def rebuild(on_revision: Callable[[Revision, int], None]) -> int:
    """Empty the index and write every current revision again; only missing vectors are computed. Returns points."""
    build = stages.active_build()
    vector_index(build.model).clear()
    for done, revision in enumerate(current_revisions(), start=1):
        _write(revision, build)
        on_revision(revision, done)
    return vector_index(build.model).count()


def without_vector() -> int:
    """How many chunks of current revisions `rebuild` has to embed, or to cut anew first."""
    vectors = ChunkVector.objects.filter(build__model=look(), content_hash=OuterRef("content_hash"))
    return findable_chunks().filter(~Exists(vectors) | ~Q(revision__recipe=chunking.RECIPE)).count()


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
        vector_index(build.model).upsert(points)


def _wanted_points(build: IndexBuild) -> Iterator[tuple[UUID, UUID]]:
    recipe = stages.recipe_of(build)
    for revision_id, ordinal in findable_chunks().values_list("revision_id", "ordinal").iterator(chunk_size=5000):
        yield point_id(revision_id, ordinal, recipe), revision_id
