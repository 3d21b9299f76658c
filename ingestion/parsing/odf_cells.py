"""Tables of OpenDocument: every cell's text at its row and column, merged and repeated cells filled."""

from collections.abc import Callable, Iterator
from typing import Any

from ingestion.parsing.markup import number_in
from ingestion.parsing.odf import TABLE

# A sheet is filled to its last row and column by cells that only say how often they are repeated.
_LAST = 1_048_576
_MOST_CELLS = 200_000
_MOST_COLUMNS = 1_000
_CELL, _COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"

Cells = dict[tuple[int, int], str]


def cells_of(table: Any, said: Callable[[Any], str]) -> Cells:
    """(row, column), both from 1, to text. `said` gives the text of a cell's element."""
    found: Cells = {}
    row = 1
    for line in _lines(table):
        here = _line(line, said)
        repeated = number_in(line.get(f"{TABLE}number-rows-repeated"), 1, most=_LAST)
        for again in range(repeated if len(here) * repeated + len(found) <= _MOST_CELLS else 1):
            for (down, column), text in here.items():
                found.setdefault((row + again + down, column), text)
        row += repeated
    return found


def rows_of(table: Any, said: Callable[[Any], str]) -> list[list[str]]:
    """The same as rows of equal length."""
    cells = cells_of(table, said)
    across = max((column for _, column in cells), default=0)
    numbers = sorted({row for row, _ in cells})
    return [[cells.get((row, column), "") for column in range(1, min(across, _MOST_COLUMNS) + 1)] for row in numbers]


def has_header_rows(table: Any) -> bool:
    """Whether the table says which rows are its header."""
    return table.find(f"{TABLE}table-header-rows") is not None


def _lines(table: Any) -> Iterator[Any]:
    for line in table.iter(f"{TABLE}table-row"):
        if next(line.iterancestors(f"{TABLE}table"), None) is table:
            yield line


def _line(line: Any, said: Callable[[Any], str]) -> Cells:
    """(rows below this one, column) to text."""
    found: Cells = {}
    column = 1
    for cell in line:
        if cell.tag not in {_CELL, _COVERED}:
            continue
        repeated = number_in(cell.get(f"{TABLE}number-columns-repeated"), 1, most=_LAST)
        text = said(cell) if cell.tag == _CELL else ""
        if text:
            down = number_in(cell.get(f"{TABLE}number-rows-spanned"), 1, most=_LAST)
            across = max(repeated, number_in(cell.get(f"{TABLE}number-columns-spanned"), 1, most=_LAST))
            fits = down * across + len(found) <= _MOST_CELLS
            for below in range(down if fits else 1):
                for place in range(across if fits else 1):
                    found[below, column + place] = text
        column += repeated
    return found
