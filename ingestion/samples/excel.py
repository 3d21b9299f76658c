"""Records as an Excel file by openpyxl: one sheet per CSV manuscript, with real numbers and dates."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ingestion.samples.package import settle


def write(sheets: Mapping[str, Path], target: Path) -> None:
    """Write sheet name → CSV file. The same manuscripts give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    del book["Sheet"]  # the one that openpyxl begins with
    for name, manuscript in sheets.items():
        _sheet(book.create_sheet(name), manuscript)
    book.properties.creator = "Aoi Seiki"
    book.save(target)
    settle(target)


def _sheet(sheet: Any, manuscript: Path) -> None:
    from openpyxl.styles import Font

    with manuscript.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            sheet.append([_value(text) for text in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = 4 + max(
            2 * len(str(cell.value or "")) for cell in column
        )
    sheet.freeze_panes = "A2"


def _value(text: str) -> str | int | date | None:
    """A number or a day as such: spreadsheets in real offices hold both."""
    if text.isdecimal():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text or None
