"""DOCX: the body in order - headings, paragraphs, numbered and bulleted lists, tables, text boxes, page breaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story, table_blocks
from ingestion.parsing.tables import looks_like_header
from ingestion.parsing.word_numbering import Numbering

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted text, field codes, the second copy of a drawing, and text boxes, which come after their paragraph.
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}txbxContent", _FALLBACK}
_SPOKEN = {f"{W}tab": "\t", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_MAX_LEVEL = 6


def read(path: Path) -> Story:
    """Read the file. Raises UnreadableFile."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(str(path))
    except (OpcError, LxmlError, KeyError, ValueError, OSError):
        raise UnreadableFile("file_damaged") from None
    body = _Body(document)
    parts = list(body.parts(document.element.body))
    return story(document.core_properties.title or body.title, parts)


class _Body:
    """Walks the XML, because python-docx's own lists leave out content controls, insertions and text boxes."""

    def __init__(self, document: Any) -> None:
        self.title = ""
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = Numbering(document)

    def parts(self, parent: Any) -> Iterator[Block | Section]:
        """The blocks below an element, in order."""
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                rows = self._rows(element)
                yield from table_blocks(rows, header=_has_header_mark(element) or looks_like_header(rows))
            elif element.tag == f"{W}sdt":
                content = element.find(f"{W}sdtContent")
                yield from self.parts(content if content is not None else ())

    def _paragraph(self, element: Any) -> Iterator[Block | Section]:
        properties = element.find(f"{W}pPr")
        if properties is not None and properties.find(f"{W}pageBreakBefore") is not None:
            yield Section()
        before, broken, after = _text(element).partition("\f")
        for text in (before, after.replace("\f", "\n")):
            if text.strip():
                yield self._block(element, text.strip())
            if broken:
                yield Section()
                broken = ""
        for box in element.iter(f"{W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                yield from self.parts(box)
        if properties is not None and _ends_page(properties.find(f"{W}sectPr")):
            yield Section()

    def _block(self, element: Any, text: str) -> Block:
        style = self._style_of(element)
        name = (style.name or "").lower() if style is not None else ""
        if name == "title":
            self.title = self.title or text
            return Block(Style.TITLE, text)
        level = self._heading_level(element, style)
        if level:
            return Block(Style.HEADING, " ".join(text.split()), level)
        depth, mark = self._numbering.mark(element, style)
        if not mark and name.startswith("list"):
            depth, mark = 1, "• "
        return Block(Style.ITEM, mark + text, depth) if mark else Block(Style.TEXT, text)

    def _style_of(self, element: Any) -> Any:
        found = element.find(f"{W}pPr/{W}pStyle")
        return self._styles.get(found.get(f"{W}val")) if found is not None else None

    def _heading_level(self, element: Any, style: Any) -> int:
        own = element.find(f"{W}pPr/{W}outlineLvl")
        while own is None and style is not None:
            kind, _, number = (style.name or "").lower().partition(" ")
            if kind in {"heading", "見出し"} and number.isdigit():
                return min(int(number), _MAX_LEVEL)
            own = style.element.find(f"{W}pPr/{W}outlineLvl")
            style = style.base_style
        level = int(own.get(f"{W}val", "9")) + 1 if own is not None else 0
        return level if level <= _MAX_LEVEL else 0

    def _rows(self, table: Any) -> list[list[str]]:
        rows: list[list[str]] = []
        for line in table.iter(f"{W}tr"):
            if next(line.iterancestors(f"{W}tbl")) is table:
                rows.append(self._cells(line, rows[-1] if rows else []))
        return rows

    def _cells(self, line: Any, above: list[str]) -> list[str]:
        cells: list[str] = []
        for cell in line.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is not line:
                continue
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = " ".join(part.text for part in self.parts(cell) if isinstance(part, Block))
            if merge is not None and merge.get(f"{W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text] * (min(int(span.get(f"{W}val", "1")), 100) if span is not None else 1)
        return cells


def _text(paragraph: Any) -> str:
    r"""Visible text; a form feed where the page is broken."""
    parts: list[str] = []

    def gather(element: Any) -> None:
        for child in element:
            if child.tag == f"{W}t":
                parts.append(child.text or "")
            elif child.tag == f"{W}br":
                parts.append("\f" if child.get(f"{W}type") == "page" else "\n")
            elif child.tag in _SPOKEN:
                parts.append(_SPOKEN[child.tag])
            elif child.tag not in _SKIPPED and child.tag != f"{W}pPr":
                gather(child)

    gather(paragraph)
    return "".join(parts)


def _ends_page(section: Any) -> bool:
    if section is None:
        return False
    kind = section.find(f"{W}type")
    return kind is None or kind.get(f"{W}val") not in {"continuous", "nextColumn"}


def _has_header_mark(table: Any) -> bool:
    return table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
