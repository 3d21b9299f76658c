"""Files are read in a process of their own: what a hostile or broken file does there, it does to nobody else.

The child is `python -m ingestion.parsing.child` (no Django; memory, CPU and file limits; no network: `confine.py`). A
page on which it dies or hangs gets a reason, and reading goes on with the next page in a new child: every page that is
asked for is answered, exactly once.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingestion.parsing import Heading, ParsedPage, UnreadableFile, Word
from ingestion.parsing.ocr import OcrOptions

_ROOT = Path(__file__).resolve().parent.parent.parent
# After a stretch without any page, as long as this many pages may take, the rest is skipped.
MAX_HUNG_IN_A_ROW = 10
# While a page is waited for, `on_wait` is called this often.
_WAIT_SECONDS = 0.5
# A line or picture larger than this is not a page.
_MAX_MESSAGE_BYTES = 256 * 1024**2
_READ_BYTES = 1024**2


class _Gone(Exception):
    """The child died (`page_crashed`) or did not answer in time (`page_timeout`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class IsolatedReader:
    """A `Reader` whose work is done in a child process. One thread at a time. Also a context manager.

    `memory_bytes` is the child's address space in bytes, `timeout` the seconds that opening, or one page, may take;
    `ocr` says how pages without text are read, None leaves them unread.
    `on_wait` is called twice a second while the child works; what it raises ends the child and goes to the caller.
    """

    def __init__(
        self,
        path: Path,
        filename: str,
        *,
        font: Path,
        memory_bytes: int,
        timeout: float,
        ocr: OcrOptions | None = None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the file in a child. Raises UnreadableFile."""
        self._order = {
            "path": str(path),
            "filename": filename,
            "font": str(font),
            "memory": memory_bytes,
            "cpu": timeout,
            "ocr": asdict(ocr) if ocr else None,
        }
        self._timeout = timeout
        self._on_wait = on_wait
        self._child: _Child | None = None
        opened = self._opened()
        self.page_count: int = opened["pages"]
        self.title: str = opened["title"]

    def page(self, number: int) -> ParsedPage:
        """Read one page. Never raises for a bad page: its `reason` says what was wrong."""
        return next(iter(self._read(number, number)))

    def pages(self, start: int = 1, last: int | None = None) -> Iterator[ParsedPage]:
        """Every page from `start` to `last` (default: the end), as the child reads them.

        Where page after page kills or hangs the child for too long, the rest comes with the reason `page_skipped`.
        Raises UnreadableFile where the file cannot be opened a second time.
        """
        return self._read(start, self.page_count if last is None else last)

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point. Raises UnreadableFile (page_unreadable, page_timeout …)."""
        try:
            answer = self._ask({"op": "render", "number": number, "scale": scale})
            return self._living().receive_bytes(answer["bytes"], self._timeout)
        except _Gone as gone:
            self.close()
            raise UnreadableFile(gone.code) from None

    def close(self) -> None:
        """End the child. The next call starts a new one."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, first: int, last: int) -> Iterator[ParsedPage]:
        number, fruitless_since = first, time.monotonic()
        while number <= last and time.monotonic() - fruitless_since < MAX_HUNG_IN_A_ROW * self._timeout:
            try:
                for page in self._stream(number, last):
                    yield page
                    number, fruitless_since = page.number + 1, time.monotonic()
            except _Gone as gone:
                self.close()
                yield _unread(number, gone.code)
                number += 1
        for skipped in range(number, last + 1):
            yield _unread(skipped, "page_skipped")

    def _stream(self, first: int, last: int) -> Iterator[ParsedPage]:
        child = self._living()
        finished = False
        try:
            child.send({"op": "pages", "first": first, "last": last})
            for number in range(first, last + 1):
                yield _page(number, child.receive(self._timeout))
            finished = True
        finally:
            # A reader abandoned in the middle would leave pages in the pipe for the next question.
            if not finished:
                self.close()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        child = self._living()
        child.send(order)
        answer = child.receive(self._timeout)
        if "error" in answer:
            raise UnreadableFile(answer["error"], answer["params"])
        return answer

    def _living(self) -> "_Child":
        if self._child is None:
            self._opened()
        assert self._child is not None
        return self._child

    def _opened(self) -> dict[str, Any]:
        self._child = _Child(self._on_wait)
        try:
            return self._ask({"op": "open", **self._order})
        except _Gone as gone:
            self.close()
            raise UnreadableFile(gone.code.replace("page_", "file_")) from None
        except BaseException:
            self.close()
            raise


class _Child:
    """The process and its two pipes: JSON lines in, JSON lines (and announced bytes) out."""

    def __init__(self, on_wait: Callable[[], None]) -> None:
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
        """Give an order. Raises _Gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
        except OSError:
            raise _Gone("page_crashed") from None

    def receive(self, timeout: float) -> dict[str, Any]:
        """The next JSON line. Raises _Gone."""
        deadline = time.monotonic() + timeout
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            self._more(deadline)
        line = self._take(end + 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def receive_bytes(self, count: int, timeout: float) -> bytes:
        """The next `count` bytes. Raises _Gone."""
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
            raise _Gone("page_too_complex")
        while not self._selector.select(max(0.0, min(_WAIT_SECONDS, deadline - time.monotonic()))):
            if time.monotonic() >= deadline:
                raise _Gone("page_timeout")
            self._on_wait()
        data = self._output.read(_READ_BYTES)
        if not data:
            raise _Gone("page_crashed")
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def render_png(
    path: Path, filename: str, number: int, *, scale: float, font: Path, memory_bytes: int, timeout: float
) -> bytes:
    """One page of a file as PNG, drawn in a child. Raises UnreadableFile."""
    with IsolatedReader(path, filename, font=font, memory_bytes=memory_bytes, timeout=timeout) as reader:
        return reader.render(number, scale=scale)


def _unread(number: int, reason: str) -> ParsedPage:
    return ParsedPage(number, "", 0, 0, reason=reason)


def _page(number: int, row: dict[str, Any]) -> ParsedPage:
    """The page of that number. Raises _Gone where the child answers with anything else: it is out of step."""
    if row.get("number") != number:
        raise _Gone("page_damaged")
    words = tuple(Word(*word) for word in row.pop("words"))
    headings = tuple(Heading(*heading) for heading in row.pop("headings"))
    return ParsedPage(**row, words=words, headings=headings)
