"""EPUB: the chapters in the order of the spine, each on pages of its own. Books under DRM are refused."""

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from ingestion.parsing import UnreadableFile
from ingestion.parsing.archive import DAMAGED, opened
from ingestion.parsing.blocks import Block, Section, Story, Style, story
from ingestion.parsing.decode import decode_as
from ingestion.parsing.markup import parsed
from ingestion.parsing.source import Source
from ingestion.parsing.webpage import blocks_of

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
# Fonts are scrambled by these in books that anybody may read.
_SCRAMBLED = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile, where DRM protects the book with the code `file_protected`."""
    with opened(source) as archive:
        if _is_protected(archive):
            raise UnreadableFile("file_protected")
        place = _package_place(archive)
        package = parsed(archive.read(place))
        title = next(package.iter(_TITLE), None)
        named = "".join(title.itertext()) if title is not None else ""
        return story(named, list(_chapters(archive, package, place)))


def _is_protected(archive: ZipFile) -> bool:
    if _ENCRYPTION not in archive.namelist():
        return False
    methods = parsed(archive.read(_ENCRYPTION)).iter("{*}EncryptionMethod")
    return any(method.get("Algorithm") not in _SCRAMBLED for method in methods)


def _package_place(archive: ZipFile) -> str:
    root = next(parsed(archive.read(_CONTAINER)).iter("{*}rootfile"), None)
    place = root.get("full-path", "") if root is not None else ""
    if place not in archive.namelist():
        raise UnreadableFile("file_damaged")
    return str(place)


def _chapters(archive: ZipFile, package: Any, place: str) -> Iterator[Block | Section]:
    names = {name.casefold(): name for name in archive.namelist()}
    items = {item.get("id"): item for item in package.iter("{*}item")}
    references = dict.fromkeys(reference.get("idref") for reference in package.iter("{*}itemref"))
    for item in (items.get(reference) for reference in references):
        if item is not None:
            path = normpath(join(dirname(place), unquote(item.get("href", "").partition("#")[0])))
            yield from _chapter(archive, names.get(path.casefold(), ""), path)


def _chapter(archive: ZipFile, member: str, path: str) -> Iterator[Block | Section]:
    """A page begins. One without text is there too, and one that cannot be read says so."""
    try:
        data = archive.read(member)
    except DAMAGED:
        yield Section(path, reason="page_damaged")
        return
    declared = _DECLARED.match(data)
    blocks = blocks_of(decode_as(data, declared[1].decode() if declared else ""))
    yield Section(next((block.text for block in blocks if block.style is Style.HEADING), path))
    yield from blocks
