"""DOCX: the body in order - headings, paragraphs, lists, tables, text boxes, notes, page breaks. Changes are accepted.

Headers, footers and comments are no part of it.
"""

from collections.abc import Iterator
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story, table_blocks
from ingestion.parsing.source import Source
from ingestion.parsing.tables import looks_like_header
from ingestion.parsing.word_drawings import drawn
from ingestion.parsing.word_notes import Notes
from ingestion.parsing.word_numbering import Numbering, lineage
from ingestion.parsing.word_text import FALLBACK, W, boxes_of, ends_deleted, text_of
from ingestion.parsing.word_unseen import unseen_text

_NOT_READ = {f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}sdtEndPr", f"{W}sectPr", FALLBACK}
_MAX_LEVEL = 6


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(source.open("rb"))
    except (OpcError, LxmlError, KeyError, ValueError, OSError):
        raise UnreadableFile("file_damaged") from None
    body = _Body(document)
    parts = list(body.parts(document.element.body))
    return story(document.core_properties.title or body.title, parts)


class _Body:
    """Walks the XML, because python-docx's own lists leave out content controls, insertions and text boxes."""

    def __init__(self, document: Any) -> None:
        self.title = ""
        self._part = document.part
        self._styles = {style.style_id: style for style in document.styles}
        self._numbering = Numbering(document)
        self._notes = Notes(document)
        self._carried = ""
        self._held = 0
        self._unseen: list[Block] = []

    def parts(self, parent: Any) -> Iterator[Block | Section]:
        """The blocks below an element, in order, each followed by its notes."""
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                rows = self._rows(element)
                yield from table_blocks(rows, header=_has_header_mark(element) or looks_like_header(rows))
                yield from self._notes_due()
                yield from self._unseen_due()
            elif element.tag not in _NOT_READ:  # content controls, insertions, alternatives
                yield from self.parts(element)

    def _notes_due(self) -> Iterator[Block]:
        while not self._held and (due := self._notes.due()):
            for mark, note in due:
                if said := self._in_one(note):
                    yield Block(Style.TEXT, f"{mark} {said}".strip())

    def _unseen_due(self) -> Iterator[Block]:
        """What was unseen in cells and notes, once no cell waits for its end."""
        if not self._held:
            due, self._unseen = self._unseen, []
            yield from due

    def _in_one(self, parent: Any) -> str:
        """The text of a cell or note; the notes of a cell wait for the end of its table."""
        self._held += 1
        blocks = [part for part in self.parts(parent) if isinstance(part, Block)]
        self._unseen += [block for block in blocks if block.style is Style.UNSEEN]
        said = " ".join(block.text for block in blocks if block.style is not Style.UNSEEN)
        self._held -= 1
        return said.strip()

    def _paragraph(self, element: Any) -> Iterator[Block | Section]:
        properties = element.find(f"{W}pPr")
        if properties is not None and properties.find(f"{W}pageBreakBefore") is not None:
            yield Section()
        yield from self._text(element)
        yield from drawn(element, self._part)
        carried, self._carried = self._carried, ""
        for box in boxes_of(element):
            yield from self.parts(box)
        self._carried = carried
        if properties is not None and _ends_page(properties.find(f"{W}sectPr")):
            yield Section()

    def _text(self, element: Any) -> Iterator[Block | Section]:
        said, self._carried = self._carried + text_of(element, self._notes), ""
        if unseen := unseen_text(element):
            yield Block(Style.UNSEEN, unseen)
        following = element.getnext()
        if ends_deleted(element) and following is not None and following.tag == f"{W}p":
            self._carried, said = said, ""
        before, broken, after = said.partition("\f")
        for text in (before, after.replace("\f", "\n")):
            if text.strip():
                yield self._block(element, text.strip())
                yield from self._notes_due()
            if broken:
                yield Section()
                broken = ""

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
        for ancestor in lineage(style) if own is None else ():
            kind, _, number = (ancestor.name or "").lower().partition(" ")
            if kind in {"heading", "見出し"} and number.isdigit():
                return min(int(number), _MAX_LEVEL)
            own = ancestor.element.find(f"{W}pPr/{W}outlineLvl")
            if own is not None:
                break
        level = int(own.get(f"{W}val", "9")) + 1 if own is not None else 0
        return level if level <= _MAX_LEVEL else 0

    def _rows(self, table: Any) -> list[list[str]]:
        rows: list[list[str]] = []
        for line in table.iter(f"{W}tr"):
            if next(line.iterancestors(f"{W}tbl")) is table and line.find(f"{W}trPr/{W}del") is None:
                rows.append(self._cells(line, rows[-1] if rows else []))
        return rows

    def _cells(self, line: Any, above: list[str]) -> list[str]:
        cells: list[str] = []
        for cell in line.iter(f"{W}tc"):
            if next(cell.iterancestors(f"{W}tr")) is not line or cell.find(f"{W}tcPr/{W}cellDel") is not None:
                continue
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = self._in_one(cell)
            if merge is not None and merge.get(f"{W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text] * (min(int(span.get(f"{W}val", "1")), 100) if span is not None else 1)
        return cells


def _ends_page(section: Any) -> bool:
    if section is None:
        return False
    kind = section.find(f"{W}type")
    return kind is None or kind.get(f"{W}val") not in {"continuous", "nextColumn"}


def _has_header_mark(table: Any) -> bool:
    return table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
