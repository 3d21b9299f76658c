"""XLSX: each sheet starts a page, each row is one line with its column names; merged cells filled, values as shown."""

import itertools
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.blocks import Block, Section, Story, Style, story, table_blocks
from ingestion.parsing.sheet_values import shown
from ingestion.parsing.tables import looks_like_header

_WIDE = 6
# A merged area of a whole column is one value, not a million.
_MAX_MERGED_CELLS = 100_000

Row = list[str]


def read(path: Path) -> Story:
    """Read the file. Raises UnreadableFile."""
    import openpyxl
    from lxml.etree import LxmlError
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # By content, not by path: stored files have no suffix, and openpyxl insists on one.
        book = openpyxl.load_workbook(BytesIO(path.read_bytes()), data_only=True)
    except (InvalidFileException, LxmlError, KeyError, ValueError, TypeError, OSError):
        raise UnreadableFile("file_damaged") from None
    parts = [part for sheet in book.worksheets for part in _sheet(sheet)]
    return story(book.properties.title or "", parts)


def _sheet(sheet: Any) -> Iterator[Block | Section]:
    hidden = "" if sheet.sheet_state == "visible" else " (hidden)"
    rows = _rows(sheet)
    yield Section(sheet.title + hidden, landscape=max((len(row) for row in rows), default=0) > _WIDE)
    yield Block(Style.HEADING, sheet.title + hidden, 1)
    for island in _islands(rows):
        yield from _island(island)


def _rows(sheet: Any) -> list[Row]:
    """The rows that hold something, merged cells filled; one empty row stands for every gap.

    Goes by the cells that exist: a sheet formatted to its last row and column has billions that do not.
    """
    texts: dict[int, dict[int, str]] = {}
    cells = {(cell.row, cell.column): shown(cell) for cell in sheet._cells.values()}  # noqa: SLF001 - see docstring
    for (row, column), text in sorted({**cells, **_merged(sheet)}.items()):
        if text:
            texts.setdefault(row, {})[column] = text
    rows: list[Row] = []
    for number, found in texts.items():
        if rows and number - 1 not in texts:
            rows.append([])
        rows.append([found.get(column, "") for column in range(1, max(found) + 1)])
    return rows


def _merged(sheet: Any) -> dict[tuple[int, int], str]:
    filled: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = shown(sheet.cell(area.min_row, area.min_col))
        if text and area.size["rows"] * area.size["columns"] + len(filled) <= _MAX_MERGED_CELLS:
            for row, column in ((r, c) for r, c in area.cells):
                filled[row, column] = text
    return filled


def _islands(rows: list[Row]) -> Iterator[list[Row]]:
    """Tables are divided by empty rows."""
    island: list[Row] = []
    for row in [*rows, []]:
        if any(row):
            island.append(row)
        elif island:
            yield island
            island = []


def _island(rows: list[Row]) -> Iterator[Block]:
    """Lines above the table (a title, a remark) stand alone; then the table with its column names."""
    while len(rows) > 1 and len({cell for cell in rows[0] if cell}) == 1 and len(rows[1]) > 1:
        yield Block(Style.HEADING, next(cell for cell in rows[0] if cell), 2)
        rows = rows[1:]
    used = [index for index in range(max(map(len, rows))) if any(index < len(row) and row[index] for row in rows)]
    table = [[row[index] if index < len(row) else "" for index in used] for row in rows]
    yield from table_blocks(_one_header(table), header=looks_like_header(_one_header(table)))


def _one_header(table: list[Row]) -> list[Row]:
    """Two header rows (a merged name over several columns) become one: "寸法 高さ"."""
    if len(table) < 3 or not _spans(table[0]):  # noqa: PLR2004 - two rows of names and one of values
        return table
    if not looks_like_header([table[1], table[2]]):
        return table
    names = [top if top == below else f"{top} {below}".strip() for top, below in zip(table[0], table[1], strict=True)]
    return [names, *table[2:]]


def _spans(row: Row) -> bool:
    return any(left and left == right for left, right in itertools.pairwise(row))
