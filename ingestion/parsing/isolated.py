"""Files are read in a process of their own: what a hostile or broken file does there, it does to nobody else.

The child is `python -m ingestion.parsing.child` (no Django; memory, CPU and file limits; no network: `confine.py`). A
page on which it dies or hangs gets a reason, and reading goes on with the next page in a new child: every page that is
asked for is answered, exactly once.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingestion.parsing import Heading, ParsedPage, UnreadableFile, Word
from ingestion.parsing.ocr import OcrOptions
from ingestion.parsing.process import Child, Gone

# After a stretch without any page, as long as this many pages may take, the rest is skipped.
MAX_HUNG_IN_A_ROW = 10
# Files whose attachments are opened with them, and what one of those may do to them all.
_MESSAGES = (".eml", ".msg")
_HARD = {"file_crashed", "file_timeout", "file_too_complex"}


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
        self._order: dict[str, Any] = {
            "path": str(path),
            "filename": filename,
            "font": str(font),
            "memory": memory_bytes,
            "cpu": timeout,
            "ocr": asdict(ocr) if ocr else None,
            "enclosed": True,
        }
        self._timeout = timeout
        self._on_wait = on_wait
        self._child: Child | None = None
        opened = self._first_opened()
        self.page_count: int = opened["pages"]
        self.title: str = opened["title"]
        self.layout: str = opened["layout"]

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
        except Gone as gone:
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
            except Gone as gone:
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

    def _living(self) -> Child:
        if self._child is None:
            self._opened()
        assert self._child is not None
        return self._child

    def _first_opened(self) -> dict[str, Any]:
        """As `_opened`; of a message that cannot be opened with its attachments, the message itself."""
        try:
            return self._opened()
        except UnreadableFile as error:
            if error.code not in _HARD or not self._order["filename"].lower().endswith(_MESSAGES):
                raise
        self._order["enclosed"] = False
        return self._opened()

    def _opened(self) -> dict[str, Any]:
        self._child = Child(self._on_wait)
        try:
            return self._ask({"op": "open", **self._order})
        except Gone as gone:
            self.close()
            raise UnreadableFile(gone.code.replace("page_", "file_")) from None
        except BaseException:
            self.close()
            raise


def render_png(
    path: Path, filename: str, number: int, *, scale: float, font: Path, memory_bytes: int, timeout: float
) -> bytes:
    """One page of a file as PNG, drawn in a child. Raises UnreadableFile."""
    with IsolatedReader(path, filename, font=font, memory_bytes=memory_bytes, timeout=timeout) as reader:
        return reader.render(number, scale=scale)


def _unread(number: int, reason: str) -> ParsedPage:
    return ParsedPage(number, "", 0, 0, reason=reason)


def _page(number: int, row: dict[str, Any]) -> ParsedPage:
    """The page of that number. Raises Gone where the child answers with anything else: it is out of step."""
    if row.get("number") != number:
        raise Gone("page_damaged")
    words = tuple(Word(*word) for word in row.pop("words"))
    headings = tuple(Heading(*heading) for heading in row.pop("headings"))
    return ParsedPage(**row, words=words, headings=headings)
