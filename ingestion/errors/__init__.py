"""Every ingestion error: a stable code, and what happened and what to do next, in English and Japanese.

`TenkyoError` is the base of both rooms' errors; the API and the pages render it in one shape.
"""

from ingestion.errors.access import LibraryNameEmpty, LibraryNameTaken, NotAllowed, NotFound
from ingestion.errors.base import InternalError, TenkyoError, error_named
from ingestion.errors.file import (
    FileBomb,
    FileCrashed,
    FileDamaged,
    FileEmpty,
    FileEncoding,
    FileEncrypted,
    FileMislabelled,
    FileMissing,
    FileNoPages,
    FileNoText,
    FileNotSent,
    FileTimeout,
    FileTooComplex,
    FileTooLarge,
    FileTruncated,
    FileUnsupported,
    NoText,
    OcrNeeded,
)
from ingestion.errors.model import (
    EmbedderUnavailable,
    FontMissing,
    WeightsCorrupt,
    WeightsDiskFull,
    WeightsPartMissing,
    WeightsUnreachable,
    WeightsUnsourced,
)
from ingestion.errors.page import PageCrashed, PageDamaged, PageGarbled, PageTimeout, PageTooComplex, PageUnreadable
from ingestion.errors.storage import DatabaseBusy, DiskFull, IndexHeld, IndexOutdated, IndexUnavailable

__all__ = [
    "DatabaseBusy",
    "DiskFull",
    "EmbedderUnavailable",
    "FileBomb",
    "FileCrashed",
    "FileDamaged",
    "FileEmpty",
    "FileEncoding",
    "FileEncrypted",
    "FileMislabelled",
    "FileMissing",
    "FileNoPages",
    "FileNoText",
    "FileNotSent",
    "FileTimeout",
    "FileTooComplex",
    "FileTooLarge",
    "FileTruncated",
    "FileUnsupported",
    "FontMissing",
    "IndexHeld",
    "IndexOutdated",
    "IndexUnavailable",
    "InternalError",
    "LibraryNameEmpty",
    "LibraryNameTaken",
    "NoText",
    "NotAllowed",
    "NotFound",
    "OcrNeeded",
    "PageCrashed",
    "PageDamaged",
    "PageGarbled",
    "PageTimeout",
    "PageTooComplex",
    "PageUnreadable",
    "TenkyoError",
    "WeightsCorrupt",
    "WeightsDiskFull",
    "WeightsPartMissing",
    "WeightsUnreachable",
    "WeightsUnsourced",
    "error_named",
]
