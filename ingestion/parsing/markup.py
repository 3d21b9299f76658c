"""XML that somebody else wrote, parsed so that it can do no harm."""

from typing import Any

from ingestion.parsing import UnreadableFile


def parsed(data: bytes) -> Any:
    """The root element. No entity is resolved, nothing is fetched, depth and size are limited.

    Raises UnreadableFile (file_damaged).
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise UnreadableFile("file_damaged") from None


def number_in(text: str | None, default: int, *, most: int) -> int:
    """A whole number from 0 to `most`, as an attribute says it; the default where it says none."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() else default
