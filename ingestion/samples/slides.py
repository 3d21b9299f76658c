"""Manuscripts as PowerPoint files by python-pptx: a slide for each level-2 heading, quotes are the speaker's notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.samples.manuscript import Block, Grid, Heading, Note, Paragraph, Points
from ingestion.samples.package import settle

_TITLE_LAYOUT, _BODY_LAYOUT = 0, 1


def write(blocks: Sequence[Block], target: Path) -> None:
    """Write the slides. The same blocks give the same bytes."""
    from pptx import Presentation

    deck = Presentation()
    slide: Any = None
    for block in blocks:
        if isinstance(block, Heading):
            layout = _TITLE_LAYOUT if block.level == 1 else _BODY_LAYOUT
            slide = deck.slides.add_slide(deck.slide_layouts[layout])
            slide.shapes.title.text = block.text
        else:
            _fill(slide, block)
    deck.core_properties.author = "Aoi Seiki"
    deck.save(str(target))
    settle(target)


def _fill(slide: Any, block: Block) -> None:
    match block:
        case Paragraph(text=text):
            slide.placeholders[1].text = text
        case Points(items=items):
            slide.placeholders[1].text = "\n".join(items)
        case Grid():
            _table(slide, block)
        case Note(text=text):
            slide.notes_slide.notes_text_frame.text = text


def _table(slide: Any, block: Grid) -> None:
    """The table takes the place of the empty body text."""
    body = slide.placeholders[1]
    place = (body.left, body.top, body.width, body.height)
    body.element.getparent().remove(body.element)
    table = slide.shapes.add_table(len(block.rows), len(block.rows[0]), *place).table
    for at_row, row in enumerate(block.rows):
        for at_column, text in enumerate(row):
            table.cell(at_row, at_column).text = text
