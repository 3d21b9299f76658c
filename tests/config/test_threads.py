"""Requests and the threads their synchronous parts run on."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from config.threads import KeptThreads


def application(work: Callable[[], Any]) -> KeptThreads:
    async def answer(*_: Any) -> None:
        await sync_to_async(work)()

    return KeptThreads(answer)


async def ask(threads: KeptThreads) -> None:
    await threads({"type": "http"}, None, None)


async def put_back(threads: KeptThreads) -> None:
    while not threads._idle:  # noqa: ASYNC110 - the thread puts itself back and tells nobody
        await asyncio.sleep(0.001)


async def test_the_next_request_runs_on_the_thread_of_the_last() -> None:
    seen: list[int] = []
    threads = application(lambda: seen.append(threading.get_ident()))

    for _ in range(3):
        await ask(threads)
        await put_back(threads)

    assert len(set(seen)) == 1


async def test_two_requests_at_once_run_on_two_threads() -> None:
    meeting = threading.Barrier(2, timeout=10)
    threads = application(meeting.wait)

    await asyncio.gather(ask(threads), ask(threads))

    assert not meeting.broken


async def test_a_thread_that_still_works_is_not_given_to_the_next_request() -> None:
    begun, free, seen = threading.Event(), threading.Event(), []

    def work() -> None:
        seen.append(threading.get_ident())
        if len(seen) == 1:
            begun.set()
            free.wait(10)

    threads = application(work)
    left = asyncio.create_task(ask(threads))
    await asyncio.to_thread(begun.wait, 10)
    left.cancel()
    await asyncio.wait_for(ask(threads), 5)
    free.set()

    assert len(set(seen)) == 2
