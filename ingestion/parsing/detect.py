"""What a file is: by its content first, by its name only where the content leaves a choice."""

import re
from enum import StrEnum
from pathlib import Path

from ingestion.parsing import UnreadableFile
from ingestion.parsing.archive import container_kind
from ingestion.parsing.decode import decode
from ingestion.parsing.headers import is_mail
from ingestion.parsing.source import Source


class Kind(StrEnum):
    """The formats that are recognised: those that are read, and archives, whose files are documents of their own."""

    PDF = "pdf"
    IMAGE = "image"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    ODP = "odp"
    ODS = "ods"
    EPUB = "epub"
    EML = "eml"
    MSG = "msg"
    ZIP = "zip"
    CSV = "csv"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"


# PDF allows junk before its header; readers look this far.
_PDF_HEADER_WITHIN = 1024
_SAMPLE = 64 * 1024
# PNG, JPEG, and TIFF in both byte orders.
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
# Streams of OLE containers: a message of Outlook, an Office file with a password.
_OUTLOOK, _PASSWORD = "__properties_version1.0", "EncryptedPackage"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_NAME = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".htm": Kind.HTML,
    ".html": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
}
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<(head|body)[\s>].*</?\w+>", re.IGNORECASE | re.DOTALL)
# A file of these names that holds text was cut off, renamed or is an error page saved in its place.
_BINARY_NAMES = {
    *(".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".odp", ".ods", ".epub", ".msg", ".zip"),
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
}
# Files of these names are what they say, also where they show HTML or a message.
_TEXT_NAMES = {".md", ".markdown", ".csv", ".tsv", ".txt"}
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")


def detect(source: Source, filename: str) -> Kind:
    """The file's format. Raises UnreadableFile for what is empty, encrypted, mislabelled or not readable at all."""
    with source.open("rb") as file:
        head = file.read(_SAMPLE)
    if not head:
        raise UnreadableFile("file_empty")
    if head.startswith(_IMAGES):
        return Kind.IMAGE
    # Before PDF: whatever holds other files may hold one close to its beginning.
    suffix = Path(filename).suffix.lower()
    if head.startswith(_ZIPS):
        return Kind(container_kind(source))
    if head.startswith(_OLE):
        return _ole_kind(source, suffix)
    if is_mail(head, named=suffix == ".eml"):
        return Kind.EML
    if b"%PDF-" in head[:_PDF_HEADER_WITHIN]:
        return Kind.PDF
    return _text_kind(head, suffix)


def _ole_kind(source: Source, suffix: str) -> Kind:
    data = source.read_bytes()
    if _OUTLOOK.encode("utf-16-le") in data:
        return Kind.MSG
    code = "file_encrypted" if _PASSWORD.encode("utf-16-le") in data else "file_unsupported"
    raise UnreadableFile(code, {"kind": suffix or "OLE"})


def _text_kind(head: bytes, suffix: str) -> Kind:
    sample = decode(head, partial=True)
    if sample is None:
        raise UnreadableFile("file_unsupported", {"kind": suffix or "?"})
    if not sample.strip():
        raise UnreadableFile("file_empty")
    if suffix in _BINARY_NAMES:
        raise UnreadableFile("file_mislabelled", {"kind": suffix})
    if suffix not in _TEXT_NAMES and _HTML.search(sample[:4096]):
        return Kind.HTML
    return _BY_NAME.get(suffix, Kind.TEXT)
