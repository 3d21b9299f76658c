"""Zip containers are measured, and told apart by what they hold, before anything is unpacked."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ingestion.parsing import UnreadableFile
from ingestion.parsing.source import Source

MAX_ENTRIES = 10_000
MAX_TOTAL_BYTES = 1024**3
# What is written in XML compresses 10 to 40 times; beyond this, and large, nothing honest is left.
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 10 * 1024**2
_BY_MEMBER = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
    "META-INF/container.xml": "epub",
}
_BY_MIMETYPE = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/epub+zip": "epub",
}
_TEMPLATE = b"-template"
# Members of packages that are one document or one program, and not files that somebody put together.
_PACKAGED = {"[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "META-INF/MANIFEST.MF", "AndroidManifest.xml"}
_LONGEST_MIMETYPE = 200
# Encryption of OpenDocument: the members are there, and what they were encrypted with stands in the manifest.
_MANIFEST, _LARGEST_MANIFEST = "META-INF/manifest.xml", 4 * 1024**2
# What zipfile and zlib raise over damaged containers.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, KeyError, NotImplementedError, RuntimeError, ArithmeticError),
)


@contextmanager
def opened(source: Source) -> Iterator[zipfile.ZipFile]:
    """The container. Raises UnreadableFile (file_damaged), also where reading from it fails."""
    try:
        with source.open("rb") as file, zipfile.ZipFile(file) as archive:
            yield archive
    except DAMAGED:
        raise UnreadableFile("file_damaged") from None


def container_kind(source: Source) -> str:
    """The name of the format, `zip` where the container holds files of their own.

    Raises UnreadableFile: file_bomb, file_encrypted, file_damaged, file_unsupported.
    """
    with opened(source) as archive:
        entries = archive.infolist()
        check_sizes(entries)
        kind = _kind(archive)
        if kind != "zip" and _is_encrypted(archive):
            raise UnreadableFile("file_encrypted")
    if not kind:
        raise UnreadableFile("file_unsupported", {"kind": "zip"})
    return kind


def check_sizes(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise UnreadableFile (file_bomb) where the entries are too many, or would unpack to too much."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or any(_swells(entry) for entry in entries):
        raise UnreadableFile("file_bomb")


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    said = _mimetype(archive, names)
    found = _BY_MIMETYPE.get(said) or next((kind for member, kind in _BY_MEMBER.items() if member in names), "")
    return found or ("" if names & _PACKAGED else "zip")


def _mimetype(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    if "mimetype" not in names or archive.getinfo("mimetype").flag_bits & 1:
        return b""
    with archive.open("mimetype") as member:
        return member.read(_LONGEST_MIMETYPE).strip().removesuffix(_TEMPLATE)


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return True
    if _MANIFEST not in archive.namelist():
        return False
    with archive.open(_MANIFEST) as member:
        return b"encryption-data" in member.read(_LARGEST_MANIFEST)


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(RATIO_COUNTS_FROM_BYTES, MAX_RATIO * entry.compress_size)
