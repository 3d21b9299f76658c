"""PPTX: a slide is a page. Title first, then shapes as they are read: down, then across; tables, charts, notes."""

from collections.abc import Iterator
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story, table_blocks
from ingestion.parsing.source import Source
from ingestion.parsing.tables import looks_like_header

# Shapes whose tops differ by less than this (half a centimetre, in EMU) stand side by side.
_SAME_ROW = 180_000
_MAX_DEPTH = 20


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    import pptx
    from lxml.etree import LxmlError
    from pptx.exc import PythonPptxError

    try:
        deck = pptx.Presentation(source.open("rb"))
        slides = list(deck.slides)
    except (PythonPptxError, LxmlError, KeyError, ValueError, OSError):
        raise UnreadableFile("file_damaged") from None
    if not slides:
        raise UnreadableFile("file_no_pages")
    parts = [part for number, slide in enumerate(slides, 1) for part in _slide(number, slide)]
    return story(deck.core_properties.title or "", parts)


def _slide(number: int, slide: Any) -> Iterator[Block | Section]:
    hidden = slide.element.get("show") == "0"
    yield Section(f"{number} (hidden)" if hidden else str(number), landscape=True, one_page=True)
    title = slide.shapes.title
    if title is not None and title.text_frame.text.strip():
        yield Block(Style.HEADING, " ".join(title.text_frame.text.split()), 1)
    for shape in _in_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        if notes:
            yield Block(Style.TEXT, f"ノート / Notes: {notes}")


def _in_order(shapes: Any) -> list[Any]:
    return sorted(shapes, key=lambda shape: ((shape.top or 0) // _SAME_ROW, shape.left or 0))


def _shape(shape: Any, depth: int = 0) -> Iterator[Block]:
    if hasattr(shape, "shapes") and depth < _MAX_DEPTH:
        for inner in _in_order(shape.shapes):
            yield from _shape(inner, depth + 1)
    elif getattr(shape, "has_table", False):
        rows = _rows(shape.table)
        yield from table_blocks(rows, header=shape.table.first_row or looks_like_header(rows))
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart)
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            text = "".join(run.text for run in paragraph.runs).replace("\v", "\n").strip()
            if text:
                yield _paragraph(shape, paragraph, text)


def _paragraph(shape: Any, paragraph: Any, text: str) -> Block:
    is_list = shape.is_placeholder and paragraph._p.find("{*}pPr/{*}buNone") is None  # noqa: SLF001 - no public way
    return Block(Style.ITEM, f"• {text}", paragraph.level + 1) if is_list else Block(Style.TEXT, text)


def _rows(table: Any) -> list[list[str]]:
    """Cell texts; a merged cell's text stands in each place it covers."""
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    for top, row in enumerate(table.rows):
        for left, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for down in range(cell.span_height):
                    for across in range(cell.span_width):
                        texts[top + down][left + across] = cell.text
    return texts


def _chart(chart: Any) -> Iterator[Block]:
    if chart.has_title and chart.chart_title.has_text_frame:
        yield Block(Style.TEXT, chart.chart_title.text_frame.text)
    for plot in chart.plots:
        names = [str(category) for category in plot.categories]
        rows = [["", *names], *([series.name, *map(_number, series.values)] for series in plot.series)]
        yield from table_blocks(rows, header=True)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
