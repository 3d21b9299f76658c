"""The files of a ZIP archive as the reading process hands them out: it opens the archive, this side only receives."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from ingestion.parsing import UnreadableFile
from ingestion.parsing.process import Child, Gone


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file by its path in the archive. `file` can be read once, from the start, before the next one is asked for."""

    name: str
    size: int
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file of the archive that is not taken, with the code of an error and what fills its text."""

    name: str
    code: str
    params: dict[str, str]


class Archive:
    """An archive opened in a child process. One thread, one pass. A context manager.

    `memory_bytes` is the child's address space, `timeout` the seconds that it may take to say anything at all.
    `is_archive` is False for any other file: it is one document, and `files` gives nothing.
    """

    def __init__(self, path: Path, filename: str, *, memory_bytes: int, timeout: float) -> None:
        """Open the file. Raises UnreadableFile: what `detect` and the archive's directory say."""
        self._timeout = timeout
        self._child = Child()
        try:
            self._child.send(
                {"op": "unpack", "path": str(path), "filename": filename, "memory": memory_bytes, "cpu": timeout}
            )
            self.is_archive = bool(self._receive()["archive"])
        except BaseException:
            self._child.end()
            raise

    def files(self) -> Iterator[Unpacked | NotTaken]:
        """Each file in order. Raises UnreadableFile where the archive ends in the middle."""
        while self.is_archive and not (said := self._receive()).get("end"):
            if "reason" in said:
                yield NotTaken(said["name"], said["reason"], said["params"])
                continue
            stream = _Stream(self)
            yield Unpacked(said["name"], said["size"], cast("BinaryIO", stream))
            stream.drain()

    def block(self) -> bytes:
        """The next bytes of the file that is being handed out; empty at its end. Raises UnreadableFile."""
        count = self._receive()["bytes"]
        try:
            return self._child.receive_bytes(count, self._timeout)
        except Gone as gone:
            raise _broken(gone) from None

    def _receive(self) -> dict[str, Any]:
        try:
            said = self._child.receive(self._timeout)
        except Gone as gone:
            raise _broken(gone) from None
        if "error" in said:
            raise UnreadableFile(said["error"], said["params"])
        return said

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.end()


class _Stream:
    """A file of the archive, read from the child block by block."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._left = b""
        self._ended = False

    def seek(self, offset: int) -> int:
        """To the start, where it stands already."""
        assert offset == 0
        return offset

    def read(self, size: int) -> bytes:
        """At most so many bytes; empty at the end. Raises UnreadableFile where the file is damaged."""
        while not self._ended and len(self._left) < size:
            block = self._next()
            self._left += block
            self._ended = not block
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def drain(self) -> None:
        """Pass over what nobody read; damage in it is nobody's."""
        while not self._ended:
            try:
                self._ended = not self._next()
            except UnreadableFile:
                self._ended = True

    def _next(self) -> bytes:
        try:
            return self._archive.block()
        except UnreadableFile:
            self._ended = True
            raise


def _broken(gone: Gone) -> UnreadableFile:
    return UnreadableFile(gone.code.replace("page_", "file_"))
