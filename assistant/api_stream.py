"""Server-sent events: each leaves at once, silence is bridged, and whoever stops listening stops the work."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from contextvars import Context, copy_context
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

# Proxies close a connection that is silent for 60 s; a model on a CPU may read a long prompt for as long.
_SILENCE_SECONDS = 15.0
_BRIDGE = ": waiting\n\n"


class EventStreamResponse(StreamingHttpResponse):
    """`text/event-stream` from an async generator of frames, which it closes itself as soon as the client is gone."""

    def __init__(self, frames: AsyncGenerator[str, None]) -> None:
        """Nothing may keep or gather what is sent: caches and buffering proxies are told so."""
        headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
        super().__init__(frames, content_type="text/event-stream; charset=utf-8", headers=headers)
        self._frames = frames

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # Django drops the generator and leaves closing it to the garbage collector. That may be after the request's
        # database thread has gone, too late to save what was written.
        async with aclosing(self._frames) as frames:
            async for frame in frames:
                yield frame.encode()


def event_frame(name: str, data: dict[str, Any]) -> str:
    """One event as it goes over the wire."""
    return f"event: {name}\ndata: {json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)}\n\n"


def bridged(frames: AsyncGenerator[str, None], seconds: float = _SILENCE_SECONDS) -> AsyncGenerator[str, None]:
    """The same frames, with a comment that clients ignore whenever there is silence for so long.

    They are made in today's context: the response is sent when the request's middleware has long returned, and log
    lines of the answer would no longer say whose they are.
    """
    return _bridged(frames, seconds, copy_context())


async def _bridged(frames: AsyncGenerator[str, None], seconds: float, context: Context) -> AsyncGenerator[str, None]:
    async with aclosing(frames):
        coming = asyncio.create_task(_next(frames), context=context)
        try:
            while True:
                await asyncio.wait({coming}, timeout=seconds)
                if not coming.done():
                    yield _BRIDGE
                    continue
                frame = coming.result()
                if frame is None:
                    return
                yield frame
                coming = asyncio.create_task(_next(frames), context=context)
        finally:
            await _ended(coming)


async def _next(frames: AsyncGenerator[str, None]) -> str | None:
    return await anext(frames, None)


async def _ended(task: "asyncio.Future[Any]") -> None:
    """Cancel what is still awaited and wait until it has put its things away."""
    task.cancel()
    await asyncio.wait({task})
