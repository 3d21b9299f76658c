"""The embedded worker: Celery threads and the sweeper inside the web process, for the memory:// broker."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from ingestion import following, leases, tasks
from ingestion.index import close_index, vector_index
from ingestion.searched import look

logger = logging.getLogger(__name__)
_AGAIN_SECONDS = 15.0
_STOP_SECONDS = 20.0


class EmbeddedWorker:
    """Celery's worker in threads of this process. One per data folder: it holds the index."""

    def __init__(self) -> None:
        """Nothing starts yet."""
        self._controller: Any = None
        self._ended = Event()
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Open the index, free what an earlier process left, and begin. Raises IndexHeld, IndexUnavailable."""
        # Whoever holds the index is the only worker, so every lease found is a dead process's.
        vector_index(look())
        leases.stopping.clear()
        leases.release_all()
        self._controller = _controller()
        tasks.embedded_worker.set()
        self._threads = [
            Thread(target=self._work, name="ingestion-worker", daemon=True),
            Thread(target=self._again, args=(tasks.sweep,), name="ingestion-sweeper", daemon=True),
            # A thread of its own: copying files from a slow share holds nothing else up.
            Thread(target=self._again, args=(following.follow,), name="ingestion-follower", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let current batches end, put their runs down, close the index. A second call does nothing."""
        if self._controller is None:
            return
        tasks.embedded_worker.clear()
        leases.stopping.set()
        self._ended.set()
        self._controller.stop()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        self._controller = None
        close_index()

    def _work(self) -> None:
        try:
            self._controller.start()
        except Exception:
            logger.exception("The ingestion worker ended.")

    def _again(self, task: Callable[[], object]) -> None:
        while not self._ended.is_set():
            try:
                close_old_connections()
                task()
            except DatabaseError:
                logger.warning("%s could not use the database; it tries again.", task.__name__, exc_info=True)
            except Exception:
                logger.exception("%s failed; it tries again.", task.__name__)
            self._ended.wait(_AGAIN_SECONDS)
        connection.close()


_started: list[EmbeddedWorker] = []


def start() -> None:
    """Start this process's worker once. Raises IndexHeld where another process works on the same data."""
    if not _started:
        worker = EmbeddedWorker()
        worker.start()
        _started.append(worker)


def stop() -> None:
    """Stop this process's worker, if it runs."""
    while _started:
        _started.pop().stop()


def _controller() -> Any:
    # Not celery.apps.worker: that one installs signal handlers and logging, which are the web server's here.
    from celery.worker import WorkController

    from config.celery import app

    app.loader.import_default_modules()
    return WorkController(
        app=app,
        pool_cls="threads",
        concurrency=settings.WORKER_THREADS,
        queues=["parse", "embed"],
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
        loglevel="WARNING",
    )
