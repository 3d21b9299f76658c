"""Who works on a run: a lease that is beaten while the work goes on, and taken over when it falls silent.

One row update decides: of two workers that want a run, one gets the lease. Libraries take turns: a task is a worker's
time, and the run it brings has it only where no library has waited longer. A large document gives way in between.
"""

import os
import socket
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from django.db import close_old_connections, connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from ingestion.errors import InternalError
from ingestion.models import Document, IndexBuild, IngestionRun, Library, Revision, Status

SILENT_AFTER = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(minutes=10)
ATTEMPTS = 6
_BEAT_SECONDS = 0.5
_TICK_SECONDS = 15.0
_FIRST_WAIT_SECONDS = 15
# Long enough that opening a file again for the next turn costs little beside it.
TURN_SECONDS = 30.0
# Of workers that ask at the same moment one gets the run, and the others ask again.
_ASKED = 10
# Set when this process is told to end: the work stops after its current batch and goes on after the restart.
stopping = Event()


class RunLeft(Exception):
    """The run is gone, or somebody else holds it: leave without a word."""


class RunCancelled(Exception):
    """The person asked for it."""


class WorkerStopping(Exception):
    """The process ends; the run stays where it is."""


class TurnOver(Exception):
    """A run of another library waits: this one has had its turn, and goes on in its next."""


class BuildLeft(TurnOver):
    """Searches have changed to another build meanwhile: the run goes on with that one."""


@dataclass(slots=True)
class Lease:
    """The right to work on a run. `beat` after every page or batch: it says how far, and raises where work must end.

    `give_way` after what was done is stored.
    """

    run_id: int
    worker: str
    stages: Sequence[str] = ()
    _began: float = field(default_factory=monotonic)
    _next: float = 0.0
    _counts: dict[str, int] = field(default_factory=dict)
    _written: dict[str, int] = field(default_factory=dict)

    def beat(self, *, force: bool = False, **counts: int) -> None:
        """Write progress, at most twice a second. Raises RunLeft, RunCancelled, WorkerStopping."""
        if stopping.is_set():
            raise WorkerStopping
        self._counts |= counts
        if not force and monotonic() < self._next:
            return
        self._next = monotonic() + _BEAT_SECONDS
        self._write()
        if self.mine().filter(cancel_requested=True).exists():
            raise RunCancelled

    def give_way(self) -> None:
        """Raises TurnOver where this turn is over and a run of another library waits for the same kind of work."""
        if monotonic() - self._began < TURN_SECONDS:
            return
        ours = self.mine().values("revision__document__library")
        if _waiting(self.stages).exclude(revision__document__library__in=ours).exists():
            raise TurnOver

    def mine(self) -> QuerySet[IngestionRun]:
        """The run, as long as it is this lease's and unfinished."""
        return IngestionRun.objects.filter(id=self.run_id, worker=self.worker, finished_at=None)

    def hand_over(self, status: str) -> bool:
        """Let go of the run for its next stage. False where it was no longer ours."""
        with transaction.atomic():
            freed = self.mine().update(status=status, worker="", heartbeat_at=None, error_code="")
            return bool(freed and self._mirror(status))

    def let_go(self) -> bool:
        """Put the run down as it stands: whoever sweeps next takes it at once. False where it was no longer ours."""
        return bool(self.mine().update(worker="", heartbeat_at=None))

    def put_off(self, code: str, params: dict[str, str]) -> None:
        """Put the run down after a passing failure: the sweeper takes it again, later each time."""
        self.mine().update(
            worker="", heartbeat_at=timezone.now(), attempts=F("attempts") + 1, error_code=code, error_params=params
        )

    def end(self, status: str, *, code: str = "", params: dict[str, str] | None = None) -> bool:
        """Finish the run. False where it was no longer ours."""
        with transaction.atomic():
            ended = self.mine().update(
                status=status, finished_at=timezone.now(), worker="", error_code=code, error_params=params or {}
            )
            return bool(ended and self._mirror(status))

    def enter(self, status: str) -> None:
        """Say which stage begins, on the run and on its revision. Raises RunLeft."""
        with transaction.atomic():
            if not (self.mine().update(status=status) and self._mirror(status)):
                raise RunLeft

    def _write(self) -> None:
        # Progress clears the count of fruitless attempts: only a run that gets nowhere is given up.
        further = any(value > self._written.get(name, value) for name, value in self._counts.items())
        fresh = {"attempts": 0} if further else {}
        if not self.mine().update(heartbeat_at=timezone.now(), **self._counts, **fresh):
            raise RunLeft
        self._written |= self._counts

    def _mirror(self, status: str) -> int:
        return _mirrored(Revision.objects.filter(runs=self.run_id), status)


@contextmanager
def leased(run_id: int, *, stages: Sequence[str]) -> Iterator[Lease | None]:
    """The lease of a run that stands in one of these stages: of this one, or of the one that has waited longest.

    None where nothing waits.
    """
    lease = _turn(run_id, stages)
    if lease is None:
        yield None
        return
    ended = Event()
    ticker = Thread(target=_tick, args=(lease, ended), name=f"lease-{run_id}", daemon=True)
    ticker.start()
    try:
        with bound_contextvars(run=lease.run_id):
            yield lease
    finally:
        ended.set()


def cancel_waiting(run: IngestionRun) -> bool:
    """End a run that nobody works on. False where somebody does: `cancel_requested` tells them."""
    with transaction.atomic():
        ended = IngestionRun.objects.filter(id=run.pk, worker="", finished_at=None).update(
            status=Status.CANCELLED, finished_at=timezone.now()
        )
        if ended:
            _mirrored(Revision.objects.filter(id=run.revision_id), Status.CANCELLED)
    return bool(ended)


def due() -> list[IngestionRun]:
    """Freed of silent holders, the unfinished runs that nobody works on and no queue may still hold."""
    now = timezone.now()
    unfinished = IngestionRun.objects.filter(finished_at=None)
    unfinished.filter(heartbeat_at__lt=now - SILENT_AFTER).exclude(worker="").update(
        worker="", heartbeat_at=None, attempts=F("attempts") + 1
    )
    free = unfinished.filter(worker="").order_by("id")
    return [run for run in free if run.heartbeat_at is None or run.heartbeat_at < now - _wait(run)]


def release_all() -> int:
    """Free every unfinished run and build: for the start of a process that is the only worker. Returns how many."""
    IndexBuild.objects.filter(wanted=True).update(worker="", heartbeat_at=None)
    return IngestionRun.objects.filter(finished_at=None).update(worker="", heartbeat_at=None)


def give_up(run: IngestionRun) -> bool:
    """End a run that failed too often without getting anywhere. False where it may be tried again."""
    if run.attempts < ATTEMPTS:
        return False
    with transaction.atomic():
        code = run.error_code or InternalError.code
        IngestionRun.objects.filter(id=run.pk, worker="", finished_at=None).update(
            status=Status.FAILED, finished_at=timezone.now(), error_code=code
        )
        _mirrored(Revision.objects.filter(id=run.revision_id), Status.FAILED)
    return True


def _mirrored(revisions: QuerySet[Revision], status: str) -> int:
    """Say the status on the run's revision. One that ends before it was read whole is answered from no longer."""
    if status in (Status.FAILED, Status.CANCELLED):
        in_part = revisions.filter(pages_findable__isnull=False).values("id")
        Document.objects.filter(current__in=in_part).update(current=None)
    return revisions.update(status=status)


def _turn(run_id: int, stages: Sequence[str]) -> Lease | None:
    for _ in range(_ASKED):
        chosen = _next_in_turn(run_id, stages)
        lease = _claim(chosen, stages) if chosen else None
        if chosen is None or lease is not None:
            return lease
    return None


def _next_in_turn(run_id: int, stages: Sequence[str]) -> int | None:
    """The first run of the library whose last turn is longest ago."""
    # A run that waits after a failure is sent again by name, when its time has come.
    candidates = _waiting(stages) | IngestionRun.objects.filter(_free(), id=run_id, status__in=stages, finished_at=None)
    longest_ago = F("revision__document__library__worked_at").asc(nulls_first=True)
    return candidates.order_by(longest_ago, "id").values_list("id", flat=True).first()


def _waiting(stages: Sequence[str]) -> QuerySet[IngestionRun]:
    """Runs that a worker may take up now."""
    return IngestionRun.objects.filter(worker="", error_code="", status__in=stages, finished_at=None)


def _free() -> Q:
    return Q(worker="") | Q(heartbeat_at=None) | Q(heartbeat_at__lt=timezone.now() - SILENT_AFTER)


def _claim(run_id: int, stages: Sequence[str]) -> Lease | None:
    now = timezone.now()
    worker = f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:16]}"
    taken = IngestionRun.objects.filter(_free(), id=run_id, status__in=stages, finished_at=None).update(
        worker=worker,
        heartbeat_at=now,
        started_at=Case(When(started_at=None, then=Value(now)), default=F("started_at")),
    )
    if not taken:
        return None
    Library.objects.filter(documents__revisions__runs=run_id).update(worked_at=now)
    return Lease(run_id, worker, stages)


def _wait(run: IngestionRun) -> timedelta:
    if not run.error_code:
        return FORGOTTEN_AFTER
    return timedelta(seconds=_FIRST_WAIT_SECONDS * 2 ** max(0, run.attempts - 1))


def _tick(lease: Lease, ended: Event) -> None:
    # Beats through steps that are silent for long: one slow page, the first load of the embedder.
    while not ended.wait(_TICK_SECONDS):
        close_old_connections()
        lease.mine().update(heartbeat_at=timezone.now())
    connection.close()
