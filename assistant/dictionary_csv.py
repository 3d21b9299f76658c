"""A dictionary as CSV, as spreadsheets read and write it: one row an entry. Pure."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.spreadsheet import MARK, plain, rows_written

HEADERS = {"ja": ("語", "同じ意味の語", "メモ"), "en": ("word", "same as", "note")}
"""The columns: a word, the words that mean the same (separated by "|"), a note."""

_ENCODINGS = ("utf-8-sig", "cp932")
_BETWEEN = re.compile(r"[|｜\n]")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file, as it is written there. `line` counts from 1."""

    line: int
    words: tuple[str, ...]
    note: str


def written(entries: Iterable[tuple[Sequence[str], str]], *, language: str) -> str:
    """(words, note) of each entry as CSV, with the columns' names in this language, for a file in UTF-8 with a mark."""
    rows = [HEADERS["ja" if language.startswith("ja") else "en"]]
    rows += [(words[0], "|".join(words[1:]), note) for words, note in entries]
    return f"{MARK}{rows_written(rows)}"


def read(data: bytes) -> list[Row] | None:
    """The rows of a file in UTF-8 or Shift_JIS, columns' names and empty ones apart; None where it is no text."""
    text = _text(data)
    if text is None or "\x00" in text:
        return None
    rows: list[Row] = []
    try:
        table = csv.reader(io.StringIO(text, newline=""))
        for number, cells in enumerate(table):
            if any(cell.strip() for cell in cells) and not (number == 0 and _names_columns(cells)):
                rows.append(_row(table.line_num, cells))
    except csv.Error:
        return None
    return rows


def apart(words: str) -> list[str]:
    """Words written on lines of their own, or with a bar between them."""
    return _BETWEEN.split(words)


def _text(data: bytes) -> str | None:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _names_columns(cells: Sequence[str]) -> bool:
    return tuple(cell.strip().lower() for cell in cells[:2]) in {names[:2] for names in HEADERS.values()}


def _row(line: int, cells: Sequence[str]) -> Row:
    first, others, *notes = [*map(plain, cells), ""]
    return Row(line, (first, *apart(others)), " ".join(note for note in notes if note.strip()))
