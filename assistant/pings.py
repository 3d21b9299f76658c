"""What Tenkyo stands on, and how each part is asked whether it answers."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Any

import structlog
from django.conf import settings
from django.db import connection

from assistant.llm import answer_model
from assistant.reranking import reranker
from config.celery import app as celery
from ingestion.embedding import embedder
from ingestion.errors import TenkyoError
from ingestion.index import vector_index
from ingestion.index.standing import require_current
from ingestion.searched import look

log = structlog.get_logger(__name__)
_BROKER_SECONDS = 3.0
_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="ping")
_Ping = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Answered:
    """How one part answered. `code` is empty where it did; `cause` says in full why it did not, `error` for people."""

    name: str
    code: str
    cause: str
    milliseconds: float
    error: TenkyoError | None = None


class Part:
    """One part and its ping, which may block: it runs in a thread. A part that hangs holds one thread, not more."""

    def __init__(self, name: str, ping: _Ping) -> None:
        """Nothing is asked yet."""
        self.name = name
        self._ping = ping
        self._lock = Lock()
        self._asked: Future[object] | None = None

    async def ask(self, seconds: float) -> Answered:
        """Ask, or go on waiting for the answer of last time; at most so long."""
        started = perf_counter()
        asked = self._asking()
        done, _ = await asyncio.wait({asked}, timeout=seconds)
        code, cause, error = self._said(asked) if done else ("timeout", f"No answer within {seconds:g} s.", None)
        asked.cancel()
        return Answered(self.name, code, cause, round((perf_counter() - started) * 1000, 1), error)

    def _asking(self) -> "asyncio.Future[object]":
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = _THREADS.submit(self._ping)
            return asyncio.wrap_future(self._asked)

    def _said(self, asked: "asyncio.Future[object]") -> tuple[str, str, TenkyoError | None]:
        error = asked.exception()
        if error is None:
            return "", "", None
        known = isinstance(error, TenkyoError)
        log.warning("part_does_not_answer", part=self.name, error=str(error), exc_info=None if known else error)
        return (error.code, str(error), error) if isinstance(error, TenkyoError) else ("failed", repr(error), None)


class AsyncPart(Part):
    """A part whose ping is a coroutine: it is cancelled where it takes too long."""

    def __init__(self, name: str, ping: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Nothing is asked yet."""
        super().__init__(name, ping)
        self._begin = ping

    def _asking(self) -> "asyncio.Future[object]":
        return asyncio.ensure_future(self._begin())


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


def ping_documents() -> None:
    """Ask whether the index holds every ready document. Raises IndexOutdated, IndexUnavailable, IndexHeld."""
    try:
        require_current(vector_index(look()))
    finally:
        connection.close()


def ping_embedder() -> None:
    """Embed one word; the first time this loads the model. Raises EmbedderUnavailable."""
    embedder().query("ping")


def ping_reranker() -> None:
    """Score one word; the first time this loads the model. Raises RerankerUnavailable."""
    if (model := reranker()) is not None:
        model.scores("ping", ["ping"])


async def ping_answer_model() -> None:
    """Ask the answer model's server. Raises ModelUnavailable."""
    await answer_model().ping()


PARTS = (
    Part("database", ping_database),
    Part("broker", ping_broker),
    Part("index", ping_index),
    Part("documents", ping_documents),
    Part("embedder", ping_embedder),
    *([Part("reranker", ping_reranker)] if settings.RERANK_MODEL else []),
    AsyncPart("answer_model", ping_answer_model),
)
