"""parse → chunk → embed → index → switch: resumable, each step skips what is done, each ending is said on the run."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from ingestion import as_read, files, leases, pieces, reading, remasking, stages
from ingestion.errors import IndexUnavailable, InternalError, TenkyoError, error_named, of_database
from ingestion.leases import Lease, RunCancelled, RunLeft, TurnOver, WorkerStopping
from ingestion.models import Revision, Status
from ingestion.parsing import UnreadableFile
from ingestion.progress import answered_as_read, read_whole

logger = logging.getLogger(__name__)
_ORPHANS_EVERY_SECONDS = 3600.0
_next_orphans = [0.0]


def parse(run_id: int, *, at: Sequence[str]) -> int | None:
    """Pages and chunks of a run: this one, or one that has waited longer. Returns the run to be sent on, if any.

    Of a document that nothing is answered from yet, some pages: then `embed` makes them findable, and sends it back.
    """
    return _one_turn(run_id, at, _parse)


def embed(run_id: int, *, at: Sequence[str]) -> int | None:
    """Vectors, points and the switch of a run, as in `parse`. Returns the run to be sent on, if any."""
    return _one_turn(run_id, at, _embed)


def forget(revision_ids: Iterable[UUID]) -> None:
    """Remove points, pictures and files of revisions that are gone. Raises IndexUnavailable."""
    gone = list(revision_ids)
    stages.delete_points(gone)
    files.remove_files(gone)


def forget_orphans() -> None:
    """Once an hour, forget what a deletion that was cut off left behind."""
    if monotonic() < _next_orphans[0]:
        return
    _next_orphans[0] = monotonic() + _ORPHANS_EVERY_SECONDS
    files.remove_stale_uploads()
    pieces.forget_expired()
    with suppress(IndexUnavailable):
        if left := files.orphans():
            forget(left)


def take_back_left() -> None:
    """Take points back of revisions whose run ended in part while nobody worked on it."""
    ended = Revision.objects.filter(pages_findable__isnull=False, status__in=(Status.FAILED, Status.CANCELLED))
    for revision_id in ended.values_list("id", flat=True):
        _clean_up(revision_id)


def _parse(lease: Lease) -> bool:
    revision = _revision(lease)
    if run := lease.mine().filter(status=Status.QUEUED).first():  # not where it goes on after its worker's end
        reading.forget_failed(revision, run.pages)
    lease.enter(Status.PARSING)
    remasking.mask_pages(lease, revision)  # also of a file that cannot be read any more
    reading.read_pages(lease, revision, some=answered_as_read(revision))
    remasking.mask_pages(lease, revision)  # the policy may have changed meanwhile
    stages.cut_chunks(lease, revision)
    return lease.hand_over(Status.EMBEDDING)


def _embed(lease: Lease) -> bool:
    revision = _revision(lease)
    build = stages.active_build()
    lease.enter(Status.EMBEDDING)
    if answered_as_read(revision):
        as_read.index_what_is_cut(lease, revision, build)
        if not read_whole(revision):
            return lease.hand_over(Status.PARSING)
    stages.compute_vectors(lease, revision, build)
    if remasking.is_outdated(revision):
        return lease.hand_over(Status.PARSING)
    lease.enter(Status.INDEXING)
    stages.write_points(lease, revision, build)
    if not stages.switch(lease, revision, build):
        raise RunCancelled
    stages.remove_old_points(revision)
    return lease.end(Status.READY)


def _one_turn(run_id: int, at: Sequence[str], work: Callable[[Lease], bool]) -> int | None:
    with leases.leased(run_id, stages=at) as lease:
        return lease.run_id if lease is not None and _worked(lease, work) else None


def _revision(lease: Lease) -> Revision:
    revision = Revision.objects.select_related("document").filter(runs__in=lease.mine()).first()
    if revision is None:
        raise RunLeft
    lease.beat(force=True)
    return revision


def _worked(lease: Lease, work: Callable[[Lease], bool]) -> bool:
    """Whether the run goes on from here: in its next stage, or in its next turn."""
    revision_id = lease.mine().values_list("revision_id", flat=True).first()
    try:
        return work(lease)
    except TurnOver:
        return lease.let_go()
    except Exception as error:  # noqa: BLE001  # one door for all endings: nothing may end the worker
        with suppress(DatabaseError):  # unreported, the lease falls silent and the sweeper takes the run again
            _report(lease, error)
            _clean_up(revision_id)
    return False


def _report(lease: Lease, error: Exception) -> None:
    if isinstance(error, RunLeft) or not lease.mine().exists():
        logger.info("Run %s was deleted or is somebody else's.", lease.run_id)
    elif isinstance(error, WorkerStopping):
        lease.let_go()
    elif isinstance(error, RunCancelled):
        lease.end(Status.CANCELLED)
    else:
        _fail(lease, _named(error), error)


def _fail(lease: Lease, named: TenkyoError, error: Exception) -> None:
    log = logger.error if isinstance(named, InternalError) else logger.warning
    trace = error if isinstance(named, InternalError) else None
    log("Run %s: %s (%s)", lease.run_id, named.code, error, exc_info=trace)
    params = {name: str(value) for name, value in named.params.items()}
    if named.transient:
        lease.put_off(named.code, params)
    else:
        lease.end(Status.FAILED, code=named.code, params=params)


def _named(error: Exception) -> TenkyoError:
    if isinstance(error, TenkyoError):
        return error
    if isinstance(error, UnreadableFile):
        return error_named(error.code, error.params)
    if isinstance(error, (OperationalError, InterfaceError)):
        return of_database(error)
    return InternalError()


def _clean_up(revision_id: UUID | None) -> None:
    """Take back what a run that ended without a switch left in the index; of a deleted revision, everything."""
    if revision_id is None:
        return
    with suppress(IndexUnavailable):
        if Revision.objects.filter(id=revision_id).exists():
            _take_back(revision_id)
        else:
            forget([revision_id])


def _take_back(revision_id: UUID) -> None:
    # Under the lock that a new run of it is made under: the points of that run must not go.
    with transaction.atomic():
        ended = Revision.objects.filter(id=revision_id, status__in=(Status.FAILED, Status.CANCELLED))
        revision = ended.select_for_update().select_related("document").first()
        if revision is not None and revision.document.current_id != revision_id:
            stages.delete_points([revision_id])
            Revision.objects.filter(id=revision_id).update(pages_findable=None)
