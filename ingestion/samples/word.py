"""Manuscripts as Word files by python-docx: real heading styles, lists and tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.samples.manuscript import Block, Grid, Heading, Paragraph, Points
from ingestion.samples.package import settle


def write(blocks: Sequence[Block], target: Path) -> None:
    """Write the blocks, in order. The same blocks give the same bytes."""
    from docx import Document

    document = Document()
    for block in blocks:
        _add(document, block)
    document.core_properties.author = "Aoi Seiki"
    document.save(str(target))
    settle(target)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(level=level, text=text):
            document.add_heading(text, level=level - 1)
        case Paragraph(text=text):
            document.add_paragraph(text)
        case Points(items=items, numbered=numbered):
            for item in items:
                document.add_paragraph(item, style="List Number" if numbered else "List Bullet")
        case Grid(rows=rows):
            table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
