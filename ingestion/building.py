"""A build is made beside the one that is searched: its vectors in turns, then its index, then the switch.

Which build is searched is one row of the database: every question reads it once, and asks the index of that build with
a vector of that build's model. docs/decisions/0021-builds-beside.md says why no search fails or mixes meanwhile.
"""

import logging
import uuid
from dataclasses import dataclass
from time import monotonic

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from ingestion import leases, searched, stages
from ingestion.audit import record
from ingestion.errors import InternalError, TenkyoError, of_database
from ingestion.index import drop_index, kept_indexes, vector_index
from ingestion.leases import Lease, RunLeft, TurnOver, WorkerStopping
from ingestion.models import Chunk, ChunkVector, IndexBuild, Revision
from ingestion.progress import current_revisions, findable_chunks

logger = logging.getLogger(__name__)
_COUNTED_SECONDS = 3.0
# Of a revision's findable chunks: how many, and the first and last row. Chunks cut anew have other rows.
Marks = dict[uuid.UUID, tuple[int, int, int]]
_unused: set[str] = set()


@dataclass(slots=True)
class _Turn(Lease):
    """The right to work on a build, as a lease is on a run. `run_id` is the build's."""

    hurrying: bool = False
    _counted: float = 0.0

    def beat(self, *, force: bool = False, **_counts: int) -> None:
        """Say that the work goes on. Raises RunLeft where it was stopped, WorkerStopping."""
        if leases.stopping.is_set():
            raise WorkerStopping
        if not force and monotonic() < self._next:
            return
        self._next = monotonic() + 1.0
        if not self.held().update(heartbeat_at=timezone.now()):
            raise RunLeft

    def give_way(self) -> None:
        """Say how far it is; raises TurnOver after half a minute: documents are taken in between."""
        if monotonic() - self._counted > _COUNTED_SECONDS:
            self._counted = monotonic()
            self.count()
        if not self.hurrying and monotonic() - self._began > leases.TURN_SECONDS:
            raise TurnOver

    def count(self) -> None:
        """Write how many chunks have their vector."""
        build = IndexBuild(id=self.run_id)
        total = findable_chunks().count()
        self.held().update(chunks_total=total, chunks_done=total - lacking(build).count())

    def held(self) -> QuerySet[IndexBuild]:
        """The build, as long as it is wanted and this one's to make."""
        return IndexBuild.objects.filter(id=self.run_id, worker=self.worker, wanted=True)


def turn(build_id: int) -> bool:
    """Half a minute's work on a wanted build, or its end. Returns whether there is more to do."""
    lease = _claimed(build_id)
    if lease is None:
        return False
    try:
        _build(lease, IndexBuild.objects.get(id=build_id))
    except TurnOver:
        return bool(lease.held().update(worker="", heartbeat_at=None))
    except WorkerStopping:
        lease.held().update(worker="", heartbeat_at=None)
    except RunLeft:
        logger.info("Build %s was stopped.", build_id)
    except Exception as error:  # noqa: BLE001  # one door for all endings: nothing may end the worker
        _fail(lease, error)
    return False


def due() -> list[IndexBuild]:
    """The wanted build, where nobody works on it and no queue may still hold it."""
    silent = Q(heartbeat_at=None) | Q(heartbeat_at__lt=timezone.now() - leases.FORGOTTEN_AFTER)
    return list(IndexBuild.objects.filter(silent, wanted=True))


def lacking(build: IndexBuild) -> QuerySet[Chunk]:
    """The chunks that the build has no vector of yet."""
    vectors = ChunkVector.objects.filter(build=build, content_hash=OuterRef("content_hash"))
    return findable_chunks().exclude(Exists(vectors))


def drop_unused() -> None:
    """Remove the indexes of builds that are gone. One look is not enough: a question may be at it at this moment."""
    used = {searched.look(), *IndexBuild.objects.values_list("model", flat=True)}
    for model in kept_indexes():
        if model in used:
            _unused.discard(model)
        elif model in _unused:
            _unused.discard(model)
            drop_index(model)
        else:
            _unused.add(model)


def _claimed(build_id: int) -> _Turn | None:
    now = timezone.now()
    free = Q(worker="") | Q(heartbeat_at__lt=now - leases.FORGOTTEN_AFTER)
    worker = uuid.uuid4().hex
    taken = IndexBuild.objects.filter(free, id=build_id, wanted=True).update(
        worker=worker, heartbeat_at=now, error_code="", error_params={}
    )
    return _Turn(build_id, worker) if taken else None


def _build(lease: _Turn, build: IndexBuild) -> None:
    lease.count()
    wanted = lacking(build).values("revision")
    for revision in list(current_revisions().filter(id__in=wanted)):
        stages.compute_vectors(lease, revision, build)
        lease.give_way()
    lease.hurrying = True  # what follows is quick, and begins anew when it is left
    _write_and_switch(lease, build)


def _write_and_switch(lease: _Turn, build: IndexBuild) -> None:
    vector_index(build.model).clear()
    written: Marks = {}
    while True:
        marks = _marks()
        if marks == written and _switched(lease, build, written):
            logger.info("Searches use %s now: %s revisions.", build.model, len(written))
            return
        for revision_id in written.keys() - marks.keys():
            vector_index(build.model).delete_revisions([revision_id])
            del written[revision_id]
        for revision_id in [one for one, mark in marks.items() if written.get(one) != mark]:
            written.pop(revision_id, None)
            if _written(lease, revision_id, build):
                written[revision_id] = marks[revision_id]


def _written(lease: _Turn, revision_id: uuid.UUID, build: IndexBuild) -> bool:
    revision = Revision.objects.select_related("document").filter(id=revision_id).first()
    if revision is None:
        return False
    index = vector_index(build.model)
    index.delete_revisions([revision_id])
    stages.compute_vectors(lease, revision, build)
    for points in stages.points_of(revision, build, findable_chunks().filter(revision=revision)):
        lease.beat()
        index.upsert(points)
    return True


def _switched(lease: _Turn, build: IndexBuild, written: Marks) -> bool:
    """Search this build from now on. False where a document has changed since it was written."""
    with transaction.atomic():
        # Whoever makes a revision current locks the active build: it is in the marks, or it sees the switch.
        list(IndexBuild.objects.select_for_update().filter(Q(active=True) | Q(id=build.id)).order_by("id"))
        if not lease.held().exists():
            raise RunLeft
        if _marks() != written:
            return False
        before = IndexBuild.objects.filter(active=True)
        facts = {
            "before": list(before.values_list("model", flat=True)),
            "chunks": sum(one for one, _, _ in written.values()),
        }
        before.update(active=False)
        IndexBuild.objects.filter(id=build.id).update(
            active=True,
            wanted=False,
            worker="",
            heartbeat_at=None,
            searched_at=timezone.now(),
            chunks_done=facts["chunks"],
        )
        record("index.switch", subject=build.model, **facts)
    searched.look()
    return True


def _marks() -> Marks:
    rows = findable_chunks().order_by().values_list("revision").annotate(n=Count("id"), a=Min("id"), b=Max("id"))
    return {revision: (count, first, last) for revision, count, first, last in rows}


def _named(error: Exception) -> TenkyoError:
    if isinstance(error, (OperationalError, InterfaceError)):
        return of_database(error)
    return error if isinstance(error, TenkyoError) else InternalError()


def _fail(lease: _Turn, error: Exception) -> None:
    """Say why. What passes is tried again by the sweeper; what does not is wanted no longer."""
    named = _named(error)
    logger.warning("The build stopped: %s", named.code, exc_info=error)
    params = {name: str(value) for name, value in named.params.items()}
    said = {"error_code": named.code, "error_params": params, "worker": "", "heartbeat_at": timezone.now()}
    lease.held().update(wanted=named.transient, **said)
