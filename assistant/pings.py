"""What Tenkyo stands on, and how each part is asked whether it answers."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import perf_counter

import structlog
from django.db import connection

from config.celery import app as celery
from ingestion.embedding import embedder
from ingestion.errors import TenkyoError
from ingestion.index import vector_index

log = structlog.get_logger(__name__)
_BROKER_SECONDS = 3.0
_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="ping")


@dataclass(frozen=True, slots=True)
class Answered:
    """How one part answered. `code` is empty where it did; `cause` says in full why it did not."""

    name: str
    code: str
    cause: str
    milliseconds: float


class Part:
    """One part's ping. A part that hangs holds one thread, however often it is asked."""

    def __init__(self, name: str, ping: Callable[[], object]) -> None:
        """Nothing is asked yet."""
        self.name = name
        self._ping = ping
        self._lock = Lock()
        self._asked: Future[tuple[str, str]] | None = None

    async def ask(self, seconds: float) -> Answered:
        """Ask, or go on waiting for the answer of last time; at most so long."""
        started = perf_counter()
        asked = asyncio.wrap_future(self._asking())
        done, _ = await asyncio.wait({asked}, timeout=seconds)
        code, cause = asked.result() if done else ("timeout", f"No answer within {seconds:g} s.")
        return Answered(self.name, code, cause, round((perf_counter() - started) * 1000, 1))

    def _asking(self) -> "Future[tuple[str, str]]":
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = _THREADS.submit(self._outcome)
            return self._asked

    def _outcome(self) -> tuple[str, str]:
        try:
            self._ping()
        except TenkyoError as error:
            log.warning("part_does_not_answer", part=self.name, error=str(error))
            return error.code, str(error)
        except Exception as error:
            # Whatever a driver raises, the probe must say which part it was.
            log.exception("part_does_not_answer", part=self.name)
            return "failed", f"{type(error).__name__}: {error}"
        return "", ""


def ping_database() -> None:
    """Run one query on a connection of this thread's own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def ping_broker() -> None:
    """Connect to Celery's broker."""
    with celery.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=_BROKER_SECONDS)


def ping_index() -> None:
    """Ask the vector index. Raises IndexUnavailable, IndexHeld."""
    vector_index().ping()


def ping_embedder() -> None:
    """Embed one word; the first time this loads the model. Raises EmbedderUnavailable."""
    embedder().query("ping")


def ping_answer_model() -> None:
    """Ask the answer model's server. Raises ModelUnavailable."""
    from assistant import llm

    llm.ping()


PARTS = (
    Part("database", ping_database),
    Part("broker", ping_broker),
    Part("index", ping_index),
    Part("embedder", ping_embedder),
    Part("answer_model", ping_answer_model),
)
