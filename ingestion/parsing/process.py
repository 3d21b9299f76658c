"""The reading process as its parent sees it: started, given orders, listened to, ended."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent.parent
# While an answer is waited for, `on_wait` is called this often.
_WAIT_SECONDS = 0.5
# A line or picture larger than this is not a page.
_MAX_MESSAGE_BYTES = 256 * 1024**2
_READ_BYTES = 1024**2


class Gone(Exception):
    """The child died (`page_crashed`) or did not answer in time (`page_timeout`)."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class Child:
    """The process and its two pipes: JSON lines in, JSON lines (and announced bytes) out.

    `on_wait` is called twice a second while an answer is waited for.
    """

    def __init__(self, on_wait: Callable[[], None] = lambda: None) -> None:
        """Start it."""
        self._on_wait = on_wait
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingestion.parsing.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            bufsize=0,
            start_new_session=True,
        )
        self._buffer = bytearray()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def send(self, order: dict[str, Any]) -> None:
        """Give an order. Raises Gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
        except OSError:
            raise Gone("page_crashed") from None

    def receive(self, timeout: float) -> dict[str, Any]:
        """The next JSON line. Raises Gone."""
        deadline = time.monotonic() + timeout
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            self._more(deadline)
        line = self._take(end + 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def receive_bytes(self, count: int, timeout: float) -> bytes:
        """The next `count` bytes. Raises Gone."""
        deadline = time.monotonic() + timeout
        while len(self._buffer) < count:
            self._more(deadline)
        return self._take(count)

    def end(self) -> None:
        """Kill the process with everything it started, and reap it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._selector.close()
        self._process.wait()

    @property
    def _output(self) -> Any:
        return self._process.stdout

    def _more(self, deadline: float) -> None:
        if len(self._buffer) > _MAX_MESSAGE_BYTES:
            raise Gone("page_too_complex")
        while not self._selector.select(max(0.0, min(_WAIT_SECONDS, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                raise Gone("page_timeout")
            self._on_wait()
        data = self._output.read(_READ_BYTES)
        if not data:
            raise Gone("page_crashed")
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken
