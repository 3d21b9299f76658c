"""Where a file's bytes lie: on disk, or inside another file (an attachment, a file of an archive)."""

from io import BytesIO
from typing import BinaryIO, Literal, Protocol


class Source(Protocol):
    """A file that can be read. Every `pathlib.Path` is one; the reading process may write none of its own."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """A new, seekable stream of the bytes."""

    def read_bytes(self) -> bytes:
        """All bytes."""


class Held:
    """A `Source` in memory."""

    def __init__(self, data: bytes) -> None:
        """Keep the bytes."""
        self._data = data

    def open(self, mode: Literal["rb"]) -> BinaryIO:  # noqa: ARG002  as of Path.open
        """A new, seekable stream of the bytes."""
        return BytesIO(self._data)

    def read_bytes(self) -> bytes:
        """All bytes."""
        return self._data
