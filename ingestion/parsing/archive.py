"""Zip containers (DOCX, PPTX, XLSX) are measured before anything is unpacked."""

import zipfile
from pathlib import Path

from ingestion.parsing import UnreadableFile

MAX_ENTRIES = 10_000
MAX_TOTAL_BYTES = 1024**3
# Office XML compresses 10 to 40 times; beyond this, and large, nothing honest is left.
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 10 * 1024**2
_KINDS = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.xml": "xlsx"}


def office_kind(path: Path) -> str:
    """`docx`, `pptx` or `xlsx`. Raises UnreadableFile: file_bomb, file_encrypted, file_damaged, file_unsupported."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError):
        raise UnreadableFile("file_damaged") from None
    _check_sizes(entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile("file_encrypted")
    names = {entry.filename for entry in entries}
    for member, kind in _KINDS.items():
        if member in names:
            return kind
    raise UnreadableFile("file_unsupported", {"kind": "zip"})


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or any(_swells(entry) for entry in entries):
        raise UnreadableFile("file_bomb")


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(RATIO_COUNTS_FROM_BYTES, MAX_RATIO * entry.compress_size)
