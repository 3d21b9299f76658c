"""What a table's rows say, whatever file they stand in: which rows name the columns, and how a cell takes its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VALUE = re.compile(r"[-+±¥$€]?[\d０-９][\d０-９,.:/\-]*\s*\S{0,3}")
_LONGEST_NAME = 40
_SENTENCE = re.compile(r"。$|\s\S+\s.*[.!?]$")
# A unit alone in brackets at a name's end: (mm), [kPa], （時間）.
_UNIT_AFTER = re.compile(r"\s*[(\[（［]\s*(?P<unit>[^()\[\]（）［］]{1,12}?)\s*[)\]）］]$")
_SI = "m|g|s|A|V|W|Wh|Hz|Pa|J|N|L|l|bar|B|bit|byte|bytes|eV|mol|cd|lm|lx|T|F|H|C|VA|var"
_UNIT = re.compile(
    rf"(?:[kKMGTPmcdhnpµμu]|[KMGT]i)?(?:{_SI})[23²³]?(?:[/·][kmcµμ]?(?:{_SI}|h|min|day|km|rev)[23²³]?)*"
    r"|[N][·・.]m|%|％|‰|ppm|rpm|min|min-1|h|hr|hrs|hours?|days?|weeks?|months?|years?|sec|psi|inch|in|ft|lb|dB|pH"
    r"|℃|°C|°F|°|Ω|kΩ|MΩ|USD|EUR|JPY|GBP|megabytes?|gigabytes?"
    r"|時間|分|秒|日|週|週間|か月|ヶ月|カ月|年|円|千円|万円|百万円|億円|個|本|枚|台|回|人|件|名|度|倍|点|箇所|か所"
)
_NUMBER = re.compile(r"[-+±≤≥<>約~〜]?\s*[\d０-９][\d０-９,.，．]*(?:\s*[-~〜～–±×x]\s*[\d０-９][\d０-９,.，．]*)*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell as its row says it: its column, how much of the column's name, and where in the name its unit stands."""

    column: int
    name_end: int = 0
    unit: tuple[int, int] | None = None


def is_value(cell: str) -> bool:
    """Whether the cell holds a number, date or amount and no name."""
    return _VALUE.fullmatch(cell.strip()) is not None


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """True where the first row holds short, distinct names and no values, and another row follows."""
    if len(rows) < 2:  # noqa: PLR2004 - a header heads something
        return False
    names = [cell.strip() for cell in rows[0]]
    filled = [name for name in names if name]
    return (
        len(filled) >= max(1, len(names) - 1)
        and all(map(_is_name, filled))
        and (len(names) > 1 or any(is_value(row[0]) for row in rows[1:] if row))
    )


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and not is_value(cell) and not _SENTENCE.search(cell)


def entries(names: Sequence[str], cells: Sequence[str], merged: Sequence[bool] | None = None) -> list[Entry]:
    """What the row says, in order; empty cells are left out, and a cell merged over several columns is said once.

    `merged` tells of each cell whether it is the one before; else equal texts are taken for one cell. A unit in
    brackets after the column's name goes to a bare number: "周期 (h)", "8,000" are "周期: 8,000 h".
    """
    said: list[Entry] = []
    last: tuple[str, str] | None = None
    for column, cell in enumerate(cells):
        name = names[column] if column < len(names) else ""
        told = (name if name != cell else "", cell)
        if cell and (told != last or (merged and not merged[column])):
            said.append(_entry(column, *told))
            last = told
    return said


def _entry(column: int, name: str, cell: str) -> Entry:
    found = _UNIT_AFTER.search(name)
    if found and found.start() and _UNIT.fullmatch(found["unit"]) and _NUMBER.fullmatch(cell):
        return Entry(column, found.start(), found.span("unit"))
    return Entry(column, len(name))


def row_text(names: Sequence[str], cells: Sequence[str]) -> str:
    """One row, readable on its own: "column: value / column: value"."""
    return " / ".join(_said(entry, names, cells) for entry in entries(names, cells))


def _said(entry: Entry, names: Sequence[str], cells: Sequence[str]) -> str:
    name = names[entry.column][: entry.name_end] + ": " if entry.name_end else ""
    unit = f" {names[entry.column][slice(*entry.unit)]}" if entry.unit else ""
    return name + cells[entry.column] + unit
