"""Celery's doors: an id in, the lease, one pipeline call, a report."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event
from uuid import UUID

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from ingestion import building, leases, pipeline
from ingestion.audit_seals import seal_if_due
from ingestion.errors import IndexUnavailable
from ingestion.models import ACTIVE, IndexBuild, IngestionRun, Status
from ingestion.sessions import forget_ended

logger = logging.getLogger(__name__)
# Set while this process has the embedded worker: without it, what is sent to memory:// would be lost at exit.
embedded_worker = Event()
_PARSE_STAGES = (Status.QUEUED, Status.PARSING)
_EMBED_STAGES = (Status.EMBEDDING, Status.INDEXING)


@shared_task(name="ingestion.tasks.parse")
def parse(run_id: int) -> None:
    """Read the pages of a run's file and cut them into chunks, then hand over to `embed`; or have a turn at it."""
    close_old_connections()
    _send_on(pipeline.parse(run_id, at=_PARSE_STAGES))
    close_old_connections()


@shared_task(name="ingestion.tasks.embed")
def embed(run_id: int) -> None:
    """Compute a run's missing vectors, index them, and switch the document to the new revision."""
    close_old_connections()
    _send_on(pipeline.embed(run_id, at=_EMBED_STAGES))
    close_old_connections()


@shared_task(name="ingestion.tasks.sweep")
def sweep() -> int:
    """Send what the broker forgot, failed in passing, or lost with its worker. Returns how many runs were sent.

    Once a day it seals the audit log and removes what is left of sessions that are over.
    """
    close_old_connections()
    sent = sum(enqueue(run) for run in leases.due() if not leases.give_up(run))
    for build in building.due():
        enqueue_build(build)
    pipeline.take_back_left()
    pipeline.forget_orphans()
    if seal_if_due():
        forget_ended()
    with suppress(IndexUnavailable):
        building.drop_unused()
    close_old_connections()
    return sent


@shared_task(name="ingestion.tasks.build_index")
def build_index(build_id: int) -> None:
    """Have a turn at building an index beside the searched one, and send it on where there is more to do."""
    close_old_connections()
    build = IndexBuild.objects.filter(id=build_id).first() if building.turn(build_id) else None
    if build is not None:
        enqueue_build(build)
    close_old_connections()


@shared_task(name="ingestion.tasks.forget")
def forget(revision_ids: Sequence[str]) -> None:
    """Remove points, pictures and files of deleted revisions. What fails now, the sweeper finds by its file."""
    close_old_connections()
    pipeline.forget([UUID(value) for value in revision_ids])


def enqueue(run: IngestionRun) -> bool:
    """Send a run to the queue of its stage. False where nobody would get it: the sweeper finds it in the database."""
    if run.status not in ACTIVE or not _queue_reaches_a_worker():
        return False
    task = parse if run.status in _PARSE_STAGES else embed
    IngestionRun.objects.filter(id=run.pk, worker="", finished_at=None).update(heartbeat_at=timezone.now())
    if _sent(task, run.pk):
        return True
    IngestionRun.objects.filter(id=run.pk, worker="", finished_at=None).update(heartbeat_at=None)
    return False


def enqueue_build(build: IndexBuild) -> None:
    """Send a build to the workers that embed; where nobody would get it, the sweeper finds it in the database."""
    if _queue_reaches_a_worker() and _sent(build_index, build.pk):
        IndexBuild.objects.filter(id=build.pk, worker="").update(heartbeat_at=timezone.now())


def enqueue_forget(revision_ids: Sequence[str]) -> None:
    """Send deleted revisions to be forgotten; where nobody would get them, the sweeper finds their files."""
    if revision_ids and _queue_reaches_a_worker():
        _sent(forget, list(revision_ids))


def _send_on(run_id: int | None) -> None:
    """To its next stage, or to the end of the queue for its next turn; a run that is done goes nowhere."""
    if run_id is not None and (run := IngestionRun.objects.filter(id=run_id).first()):
        enqueue(run)


def _queue_reaches_a_worker() -> bool:
    return embedded_worker.is_set() or not settings.CELERY_BROKER_URL.startswith("memory://")


def _sent(task: object, argument: object) -> bool:
    try:
        task.delay(argument)  # type: ignore[attr-defined]  # Celery carries no types
    except Exception:  # a broker that is down must not fail an upload that is already stored
        logger.warning("The broker took no message; the sweeper will send it.", exc_info=True)
        return False
    return True


@worker_shutting_down.connect
def _stop_after_this_batch(**_: object) -> None:
    leases.stopping.set()
