"""OpenDocument (ODT, ODS, ODP): its package, names and styles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.archive import opened
from ingestion.parsing.markup import parsed
from ingestion.parsing.source import Source


def _space(name: str) -> str:
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"


OFFICE, TEXT, TABLE, DRAW = _space("office"), _space("text"), _space("table"), _space("drawing")
STYLE, FO, SVG, PRESENTATION = (
    _space("style"),
    _space("xsl-fo-compatible"),
    _space("svg-compatible"),
    _space("presentation"),
)
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MOST_ANCESTORS = 20
_PAGE = {"page", "even-page", "odd-page"}


@dataclass(frozen=True, slots=True)
class Package:
    """The body of a file (`office:text`, `office:spreadsheet`, `office:presentation`), its styles, its own title."""

    body: Any
    styles: "Styles"
    title: str


class Styles:
    """The styles of a file by name, those it names and those that only its program knows."""

    def __init__(self, *roots: Any) -> None:
        self._found: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                self._found.setdefault(style.get(f"{STYLE}name", ""), style)
            for style in root.iter(f"{TEXT}list-style"):
                self._lists.setdefault(style.get(f"{STYLE}name", ""), style)

    def list_levels(self, name: str) -> dict[int, Any]:
        """The levels of a list style, from 1."""
        style = self._lists.get(name)
        return {int(level.get(f"{TEXT}level", "1")): level for level in (style if style is not None else ())}

    def is_called(self, name: str, wanted: str) -> bool:
        """Whether the style, or one it is based on, has this name."""
        return name == wanted or any(style.get(f"{STYLE}name") == wanted for style in self._lineage(name))

    def breaks(self, name: str, side: str) -> bool:
        """Whether a new page begins at that side (`before`, `after`) of a paragraph or table of this style."""
        return any(
            properties.get(f"{FO}break-{side}") in _PAGE
            for style in self._lineage(name)
            for properties in style
            if properties.tag in {f"{STYLE}paragraph-properties", f"{STYLE}table-properties"}
        ) or (side == "before" and any(style.get(f"{STYLE}master-page-name") for style in self._lineage(name)))

    def says(self, name: str, attribute: str, value: str) -> bool:
        """Whether the properties of the style say so."""
        return any(properties.get(attribute) == value for style in self._lineage(name) for properties in style)

    def _lineage(self, name: str) -> Iterator[Any]:
        """The style and those it is based on. A damaged file may base styles on each other in a ring."""
        for _ in range(_MOST_ANCESTORS):
            style = self._found.get(name)
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name", "")


def package(source: Source, kind: str) -> Package:
    """Open the file; `kind` is the local name of its body. Raises UnreadableFile (file_damaged)."""
    with opened(source) as archive:
        names = set(archive.namelist())
        roots = [parsed(archive.read(name)) for name in ("content.xml", "styles.xml") if name in names]
        meta = parsed(archive.read("meta.xml")) if "meta.xml" in names else None
    body = roots[0].find(f"{OFFICE}body/{OFFICE}{kind}") if roots else None
    if body is None:
        raise UnreadableFile("file_damaged")
    title = next(meta.iter(_TITLE), None) if meta is not None else None
    return Package(body, Styles(*roots), (title.text or "") if title is not None else "")
