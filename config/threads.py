"""The thread of a request outlives it: the next request finds the thread's database connection already open."""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext

AsgiApplication = Callable[..., Awaitable[None]]
# Each holds a database connection while it idles; with more requests than this at once, threads are made and ended.
_KEPT = 16


class KeptThreads:
    """An ASGI application around Django's, which by itself makes a thread for each request and ends it afterwards."""

    def __init__(self, application: AsgiApplication) -> None:
        """Keep the application; threads are made as they are needed."""
        self._application = application
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Answer the request, its synchronous parts on a thread that nothing else uses meanwhile."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(1, thread_name_prefix="request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self._application(scope, receive, send)
        finally:
            # Behind whatever still runs there: a person who left does not stop the query that was under way.
            thread.submit(self._keep, thread)

    def _keep(self, thread: ThreadPoolExecutor) -> None:
        if len(self._idle) < _KEPT:
            self._idle.append(thread)
        else:
            thread.shutdown(wait=False)
