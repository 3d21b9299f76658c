"""Running text of OpenDocument: headings, paragraphs, lists, tables, boxes, notes; no deleted text, no comments."""

from collections.abc import Iterator
from typing import Any

from ingestion.parsing.blocks import Block, Section, Style, table_blocks
from ingestion.parsing.markup import number_in
from ingestion.parsing.odf import DRAW, OFFICE, PRESENTATION, SVG, TABLE, TEXT, Styles
from ingestion.parsing.odf_cells import has_header_rows, rows_of
from ingestion.parsing.odf_lists import Lists
from ingestion.parsing.tables import looks_like_header

_MAX_LEVEL = 6
_MOST_BLANKS = 100
# What tracked changes deleted, readings above kanji, comments, descriptions of pictures; notes, which come after.
_NOT_READ = {
    *(f"{TEXT}{name}" for name in ("tracked-changes", "ruby-text", "note")),
    *(f"{OFFICE}{name}" for name in ("annotation", "annotation-end", "forms", "event-listeners")),
    *(f"{SVG}{name}" for name in ("title", "desc")),
    f"{PRESENTATION}notes",
}
_SPOKEN = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}


class Flow:
    """Walks the XML. `title` is the first paragraph of the style "Title"."""

    def __init__(self, styles: Styles) -> None:
        self.title = ""
        self._styles = styles
        self._lists = Lists(styles)
        self._due: list[Any] = []
        self._held = 0

    def parts(self, parent: Any) -> Iterator[Block | Section]:
        """The blocks below an element, in order, each followed by its notes."""
        for element in parent:
            if element.tag in {f"{TEXT}p", f"{TEXT}h"}:
                yield from self._paragraph(element)
            elif element.tag == f"{TEXT}list":
                yield from self._list(element)
            elif element.tag == f"{TABLE}table":
                yield from self._table(element)
            elif element.tag not in _NOT_READ and not str(element.tag).endswith("-source"):
                yield from self.parts(element)

    def in_one(self, parent: Any) -> str:
        """The text below an element, for a cell, a note or a title; notes in it wait."""
        self._held += 1
        said = " ".join(part.text for part in self.parts(parent) if isinstance(part, Block))
        self._held -= 1
        return said.strip()

    def _paragraph(self, element: Any, mark: str = "", depth: int = 0) -> Iterator[Block | Section]:
        style = element.get(f"{TEXT}style-name", "")
        if not self._held and self._styles.breaks(style, "before"):
            yield Section()
        text = self._text(element).strip()
        if text:
            yield self._block(element, style, mark + text, depth)
        yield from self._notes()
        for drawing in drawings(element):
            yield from self.parts(drawing)
        if not self._held and self._styles.breaks(style, "after"):
            yield Section()

    def _block(self, element: Any, style: str, text: str, depth: int) -> Block:
        if element.tag == f"{TEXT}h":
            level = number_in(element.get(f"{TEXT}outline-level"), 1, most=_MAX_LEVEL)
            return Block(Style.HEADING, " ".join(text.split()), max(level, 1))
        if self._styles.is_called(style, "Title"):
            self.title = self.title or text
            return Block(Style.TITLE, text)
        return Block(Style.ITEM, text, depth) if depth else Block(Style.TEXT, text)

    def _list(self, element: Any) -> Iterator[Block | Section]:
        self._lists.enter(element)
        for item in element:
            if item.tag not in {f"{TEXT}list-item", f"{TEXT}list-header"}:
                continue
            mark = self._lists.mark(item)
            for inner in item:
                if inner.tag in {f"{TEXT}p", f"{TEXT}h"}:
                    yield from self._paragraph(inner, mark, self._lists.depth)
                    mark = ""
                else:
                    yield from self.parts([inner])
        self._lists.leave()

    def _table(self, element: Any) -> Iterator[Block | Section]:
        if not self._held and self._styles.breaks(element.get(f"{TABLE}style-name", ""), "before"):
            yield Section()
        rows = rows_of(element, self.in_one)
        yield from table_blocks(rows, header=has_header_rows(element) or looks_like_header(rows))
        yield from self._notes()

    def _notes(self) -> Iterator[Block]:
        while not self._held and self._due:
            note = self._due.pop(0)
            said = self.in_one(note.findall(f"{TEXT}note-body"))
            if said:
                yield Block(Style.TEXT, f"{_mark(note)} {said}")

    def _text(self, paragraph: Any) -> str:
        """Visible text with the marks of its notes. White space of the source is one blank."""
        parts: list[str] = []

        def gather(element: Any) -> None:
            parts.append(_blank(element.text))
            for child in element:
                if child.tag in _SPOKEN:
                    parts.append(_SPOKEN[child.tag])
                elif child.tag == f"{TEXT}s":
                    parts.append(" " * number_in(child.get(f"{TEXT}c"), 1, most=_MOST_BLANKS))
                elif child.tag == f"{TEXT}note":
                    self._due.append(child)
                    parts.append(_mark(child))
                elif child.tag not in _NOT_READ and not str(child.tag).startswith(DRAW):
                    gather(child)
                parts.append(_blank(child.tail))

        gather(paragraph)
        return "".join(parts)


def drawings(parent: Any) -> Iterator[Any]:
    """The outermost frames, shapes and groups below an element, unless they hang on a paragraph inside it."""
    for element in parent:
        if str(element.tag).startswith(DRAW) and element.tag != f"{DRAW}a":
            yield element
        elif element.tag not in {f"{TEXT}p", f"{TEXT}h", *_NOT_READ}:
            yield from drawings(element)


def _mark(note: Any) -> str:
    citation = note.find(f"{TEXT}note-citation")
    shown = "".join(citation.itertext()).strip() if citation is not None else ""
    return f"(*{shown})"


def _blank(text: str | None) -> str:
    r"""Runs of white space as one blank; \n and \t of the text itself are elements of their own."""
    if not text:
        return ""
    inner = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if inner and text[-1].isspace() else ''}"
