"""ZIP archives of documents: each file in order, or the reason why it is not taken. For the reading process."""

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal, cast
from zipfile import ZipFile, ZipInfo

from ingestion.parsing import UnreadableFile
from ingestion.parsing.archive import DAMAGED, MAX_TOTAL_BYTES, check_sizes, opened
from ingestion.parsing.detect import Kind, detect
from ingestion.parsing.source import Held, Source

# Archives inside the archive; and files in all of them together.
MAX_DEPTH = 2
MAX_FILES = 1_000
# An archive inside another is held in memory.
MAX_INNER_BYTES = 200 * 1024**2
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_KEPT_BY_SYSTEMS = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive by its path there. It is not to be taken where there is a `reason`, an error code."""

    name: str
    size: int = 0
    source: Source | None = None
    reason: str = ""
    params: dict[str, str] = field(default_factory=dict)


def members(source: Source) -> Iterator[Member]:
    """The files of an archive, and those of archives inside it.

    Raises UnreadableFile before the first one: file_damaged, file_bomb, archive_too_many.
    """
    yield from _Unpacking().members(source, "", 0)


class _Unpacking:
    """Counts the files of all archives together, and their bytes."""

    def __init__(self) -> None:
        self._files = self._bytes = 0

    def members(self, source: Source, folder: str, depth: int) -> Iterator[Member]:
        """The files of one archive, named below `folder`."""
        with opened(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            self._count(entries)
            for entry in entries:
                yield from self._member(archive, entry, folder, depth)

    def _count(self, entries: Sequence[ZipInfo]) -> None:
        """Raise UnreadableFile where these would be too many, or too much; they are not counted then."""
        check_sizes(entries)
        files, size = self._files + len(entries), self._bytes + sum(entry.file_size for entry in entries)
        if files > MAX_FILES:
            raise UnreadableFile("archive_too_many", {"limit": str(MAX_FILES)})
        if size > MAX_TOTAL_BYTES:
            raise UnreadableFile("file_bomb")
        self._files, self._bytes = files, size

    def _member(self, archive: ZipFile, entry: ZipInfo, folder: str, depth: int) -> Iterator[Member]:
        name = name_of(entry)
        shown = folder + name
        inside = _Inside(archive, entry)
        try:
            _check(entry, name)
            kind = detect(inside, name)
        except UnreadableFile as error:
            yield Member(shown, reason=error.code, params=error.params)
        except MemoryError:
            yield Member(shown, reason="file_too_complex")
        except DAMAGED:
            yield Member(shown, reason="file_damaged")
        else:
            if kind is Kind.ZIP:
                yield from self._inner(inside, entry, shown, depth)
            else:
                yield Member(shown, entry.file_size, inside)

    def _inner(self, inside: "_Inside", entry: ZipInfo, shown: str, depth: int) -> Iterator[Member]:
        if depth >= MAX_DEPTH:
            yield Member(shown, reason="archive_nested")
        elif entry.file_size > MAX_INNER_BYTES:
            yield Member(shown, reason="file_too_complex")
        else:
            try:
                yield from self.members(Held(inside.read_bytes()), f"{shown}/", depth + 1)
            except UnreadableFile as error:
                yield Member(shown, reason=error.code, params=error.params)
            except MemoryError:
                yield Member(shown, reason="file_too_complex")
            except DAMAGED:  # the archive inside is damaged in the one around it
                yield Member(shown, reason="file_damaged")


class _Inside:
    """A `Source` in an archive that is open."""

    def __init__(self, archive: ZipFile, entry: ZipInfo) -> None:
        self._archive, self._entry = archive, entry

    def open(self, mode: Literal["rb"]) -> BinaryIO:  # noqa: ARG002  as of Path.open
        return cast("BinaryIO", self._archive.open(self._entry))

    def read_bytes(self) -> bytes:
        return self._archive.read(self._entry)


def name_of(entry: ZipInfo) -> str:
    """The path in the archive with "/" between folders.

    Names without the UTF-8 flag are UTF-8 all the same, or in Windows' Japanese code page.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")  # what zipfile takes such bytes for
        name = _tried(raw) or name
    return name.replace("\\", "/")


def _tried(raw: bytes) -> str | None:
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _check(entry: ZipInfo, name: str) -> None:
    """Raise UnreadableFile where the entry is not to be looked at."""
    parts = name.split("/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in parts:
        raise UnreadableFile("archive_path")
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        raise UnreadableFile("archive_link")
    if any(part.startswith(".") or part in _KEPT_BY_SYSTEMS for part in parts):
        raise UnreadableFile("archive_hidden")
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise UnreadableFile("file_encrypted")
