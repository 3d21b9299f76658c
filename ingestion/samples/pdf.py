"""Manuscripts set as PDF by reportlab: an outline from the headings, ruled tables, page numbers, an embedded font."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.samples.drawing import pump
from ingestion.samples.manuscript import Block, Figure, Grid, Heading, Paragraph, Points

_FONT = "Sample"
_MARGIN = 56.0
_SIZES = {1: 20.0, 2: 15.0, 3: 11.5}
_BODY = 10.0


def write(blocks: Sequence[Block], target: Path, *, font: Path) -> None:
    """Set the blocks on A4; every chapter (level 2) begins a page. The same blocks give the same bytes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import SimpleDocTemplate

    pdfmetrics.registerFont(TTFont(_FONT, str(font)))
    title = next(block.text for block in blocks if isinstance(block, Heading))
    document: Any = SimpleDocTemplate(
        str(target),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        author="Aoi Seiki",
        invariant=1,  # fixed dates and ids
    )
    document.afterFlowable = _outlined(document)
    story = [flowable for block in blocks for flowable in _flowables(block, document.width)]
    document.build(story, onFirstPage=_foot(title), onLaterPages=_foot(title))


def _outlined(document: Any) -> Any:
    """A hook that makes each heading, once placed, an entry of the outline."""

    def placed(flowable: Any) -> None:
        heading = getattr(flowable, "sample_heading", None)
        if heading is not None:
            key = f"{document.canv.getPageNumber()} {heading.text}"
            document.canv.bookmarkPage(key)
            document.canv.addOutlineEntry(heading.text, key, level=heading.level - 1)

    return placed


def _foot(title: str) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont(_FONT, 8)
        canvas.drawString(_MARGIN, 30, title)
        canvas.drawRightString(document.pagesize[0] - _MARGIN, 30, str(canvas.getPageNumber()))

    return draw


def _flowables(block: Block, width: float) -> list[Any]:
    from reportlab.platypus import Spacer

    match block:
        case Heading():
            return _heading(block)
        case Paragraph(text=text):
            return [_paragraph(text)]
        case Points():
            marks = [f"{n}. " if block.numbered else "・" for n in range(1, len(block.items) + 1)]
            return [_paragraph(mark + item, indent=14) for mark, item in zip(marks, block.items, strict=True)]
        case Grid():
            return [_table(block, width), Spacer(0, 10)]
        case Figure():
            return [pump(font=_FONT, width=width)]
    return []


def _heading(block: Heading) -> list[Any]:
    from reportlab.platypus import PageBreak

    made = _paragraph(block.text, size=_SIZES[block.level], space=14, keep=True)
    made.sample_heading = block
    return [PageBreak(), made] if block.level == 2 else [made]  # noqa: PLR2004 - level 2 is a chapter


def _paragraph(text: str, *, size: float = _BODY, indent: float = 0, space: float = 4, keep: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowable

    style = ParagraphStyle(
        "sample",
        fontName=_FONT,
        fontSize=size,
        leading=size * 1.6,
        leftIndent=indent,
        firstLineIndent=-indent,
        spaceBefore=space,
        spaceAfter=6,
        keepWithNext=keep,
        wordWrap="CJK" if _is_japanese(text) else None,
    )
    return Flowable(text.replace("&", "&amp;").replace("<", "&lt;"), style)


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" for char in text)


def _table(block: Grid, width: float) -> Any:
    from reportlab.lib.colors import Color
    from reportlab.platypus import Table

    cells = [[_paragraph(cell, size=9, space=0) for cell in row] for row in block.rows]
    line = Color(0.5, 0.55, 0.6)
    style: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, line),
        ("BACKGROUND", (0, 0), (-1, 0), Color(0.9, 0.93, 0.96)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table(cells, colWidths=_widths(block, width), style=style, repeatRows=1)


def _widths(block: Grid, width: float) -> list[float]:
    """Columns share the width by their longest cell, within bounds, so that short columns do not wrap."""
    columns = list(zip(*block.rows, strict=True))
    longest = [min(max(4.0, *(_ems(cell) for cell in column)), 22.0) for column in columns]
    return [width * each / sum(longest) for each in longest]


def _ems(text: str) -> float:
    return sum(1.0 if ord(char) > 0x2000 else 0.55 for char in text)  # noqa: PLR2004 - wide scripts begin about there
