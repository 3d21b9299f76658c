"""XLSX: each sheet starts a page; merged cells filled, values as shown."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, story
from ingestion.parsing.sheet_rows import sheet_parts
from ingestion.parsing.sheet_values import shown
from ingestion.parsing.source import Source

# A merged area of a whole column is one value, not a million.
_MAX_MERGED_CELLS = 100_000


def read(source: Source) -> Story:
    """Read the file. Raises UnreadableFile."""
    import openpyxl
    from lxml.etree import LxmlError
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # By content, not by path: stored files have no suffix, and openpyxl insists on one.
        book = openpyxl.load_workbook(BytesIO(source.read_bytes()), data_only=True)
    except (InvalidFileException, LxmlError, KeyError, ValueError, TypeError, OSError):
        raise UnreadableFile("file_damaged") from None
    parts = [part for sheet in book.worksheets for part in _sheet(sheet)]
    return story(book.properties.title or "", parts)


def _sheet(sheet: Any) -> Iterator[Block | Section]:
    # Goes by the cells that exist: a sheet formatted to its last row and column has billions that do not.
    cells = {(cell.row, cell.column): shown(cell) for cell in sheet._cells.values()}  # noqa: SLF001 - see above
    yield from sheet_parts(sheet.title, {**cells, **_merged(sheet)}, hidden=sheet.sheet_state != "visible")


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    filled: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = shown(sheet.cell(area.min_row, area.min_col))
        if text and area.size["rows"] * area.size["columns"] + len(filled) <= _MAX_MERGED_CELLS:
            for row, column in ((r, c) for r, c in area.cells):
                filled[row, column] = text
    return filled
