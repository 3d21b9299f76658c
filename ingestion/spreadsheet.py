"""Cells of CSV files that people open in spreadsheets: a cell that would be computed there is told apart as text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# A spreadsheet computes a cell that begins so. An apostrophe before it says that it is text; reading takes it away.
_FORMULA = re.compile("'*[=+@＝＋－＠\t\r-]")
MARK = "\ufeff"
"""What a file in UTF-8 begins with, for spreadsheets to know it by."""


def rows_written(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, every cell of them text."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    for row in rows:
        writer.writerow(safe(str(cell)) for cell in row)
    return held.getvalue()


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not compute it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """A cell that `safe` wrote, or a person, as it was meant."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
