"""Tables of a PDF page: which words stand in which cell, which rows name the columns, and each row as text."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ingestion.parsing.columns import column_tables
from ingestion.parsing.grids import Grid, grids
from ingestion.parsing.pdf_lines import Box, Piece, around, cell_separators
from ingestion.parsing.pdf_rules import Rules
from ingestion.parsing.tables import entries, is_value, looks_like_header
from ingestion.parsing.worded import Worded, compose, joined

_LEAST = 2
# Points by which a word may reach over a line and still stand in one cell.
_OVERLAP = 2.0
# In heights of the type: letters of one word follow one another closer than this.
_JUMP = 0.15
_MOST_HEADER_ROWS = 4
# How long names are on average, at most, beside texts.
_SHORTER = 0.6
# Fewer different texts than this share of a column's cells are a choice of words.
_REPEATED = 0.7


@dataclass(slots=True, eq=False)
class Cell:
    """The words of a cell, in PDFium's order. A cell over several rows and columns stands in each of them."""

    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of cells, all of the same length; the first `header` rows name the columns."""

    rows: list[list[Cell]]
    header: int

    @property
    def pieces(self) -> Iterator[Piece]:
        """All words, those of merged cells more than once."""
        return (piece for cell in chain.from_iterable(self.rows) for piece in cell.pieces)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What can be asked of single characters of the page: their box; whether in bold, and in type of one width."""

    box: Callable[[int], Box]
    is_bold: Callable[[int], bool]
    is_fixed: Callable[[int], bool]


def find_tables(raw: str, pieces: Sequence[Piece], rules: Rules, glyphs: Glyphs) -> list[Table]:
    """The page's tables in reading order. No word belongs to two of them."""
    ruled, free = _tables(raw, grids(rules), list(pieces), glyphs)
    others, _ = _tables(raw, column_tables(raw, free, rules.across, glyphs.is_fixed), free, glyphs)
    return ruled + others


def _tables(raw: str, found: list[Grid], pieces: list[Piece], glyphs: Glyphs) -> tuple[list[Table], list[Piece]]:
    """(the grids that are tables, filled with their words; the words outside)."""
    tables: list[Table] = []
    for grid in found:
        rows, outside = _filled(grid, pieces, glyphs)
        if _is_table(rows) and (grid.sure or _bold_rows(rows, glyphs)):
            tables.append(Table(rows, _header_rows(raw, rows, glyphs)))
            pieces = outside
    return tables, pieces


def table_rows(raw: str, table: Table) -> list[Worded]:
    """Each row as text that is readable on its own: "column: value / column: value". The header's rows are one."""
    texts = {id(cell): _text(raw, cell) for cell in chain.from_iterable(table.rows)}
    rows = [[texts[id(cell)] for cell in row] for row in table.rows]
    names = [_name(column) for column in zip(*rows[: table.header], strict=True)]
    said = [_row([], names), *(_body_row(names, row) for row in rows[table.header :])]
    return [row for row in said if row.text]


def _filled(grid: Grid, pieces: list[Piece], glyphs: Glyphs) -> tuple[list[list[Cell]], list[Piece]]:
    """(the rows of cells with their words, without rows and columns that hold none; the words outside)."""
    rows = [[Cell()] * (len(grid.xs) - 1) for _ in grid.ys[1:]]
    for area in grid.areas:
        cell = Cell()
        for row in rows[area.top : area.bottom]:
            row[area.left : area.right] = [cell] * (area.right - area.left)
    outside: list[Piece] = []
    for piece in pieces:
        number = bisect_right(grid.ys, (piece.box[1] + piece.box[3]) / 2) - 1
        middle = (piece.box[0] + piece.box[2]) / 2
        if 0 <= number < len(rows) and grid.xs[0] <= middle < grid.xs[-1]:
            for part in _cut(piece, grid.xs, glyphs):
                _cell_at(part, grid.xs, rows[number]).pieces.append(part)
        else:
            outside.append(piece)
    return _without_empty(rows), outside


def _cut(piece: Piece, xs: Sequence[float], glyphs: Glyphs) -> Iterator[Piece]:
    """The piece, or its parts where it reaches over a line: cells may touch without a blank between."""
    x0, y0, x1, y1 = piece.box
    start = piece.start
    if any(x0 + _OVERLAP < x < x1 - _OVERLAP for x in xs):
        whole = before = glyphs.box(start)
        for index in range(start + 1, piece.end):
            here = glyphs.box(index)
            if abs(here[0] - before[2]) > _JUMP * (y1 - y0):
                yield Piece(start, index, whole)
                start, whole = index, here
            before, whole = here, around(whole, here)
        piece = Piece(start, piece.end, whole)
    yield piece


def _cell_at(piece: Piece, xs: Sequence[float], row: Sequence[Cell]) -> Cell:
    column = bisect_right(xs, (piece.box[0] + piece.box[2]) / 2) - 1
    return row[min(max(column, 0), len(row) - 1)]


def _without_empty(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows and columns that say something which the one before does not: double rules and margins make the others."""
    rows = [row for before, row in zip([None, *rows][:-1], rows, strict=True) if _adds(before, row)]
    columns = list(zip(*rows, strict=True))
    columns = [column for before, column in zip([None, *columns][:-1], columns, strict=True) if _adds(before, column)]
    return [list(row) for row in zip(*columns, strict=True)]


def _adds(before: Sequence[Cell] | None, cells: Sequence[Cell]) -> bool:
    return any(cell.pieces for cell in cells) and (
        before is None or any(cell is not other for cell, other in zip(cells, before, strict=True) if cell.pieces)
    )


def _is_table(rows: list[list[Cell]]) -> bool:
    """At least two rows with two filled cells each: a frame, a note with a sign beside it and a drawing have not."""
    full = [row for row in rows if len({id(cell) for cell in row if cell.pieces}) >= _LEAST]
    return len(full) >= _LEAST


def _header_rows(raw: str, rows: list[list[Cell]], glyphs: Glyphs) -> int:
    """How many rows at the top name the columns: those in bold, or those that look like names."""
    texts = [[_text(raw, cell).text for cell in row] for row in rows]
    count = _bold_rows(rows, glyphs)
    if not count:
        count = _naming_rows(rows, texts)
        names = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*texts[:count], strict=True)]
        values = any(is_value(text) for row in texts[:count] for text in row)
        if values or not looks_like_header([names, *texts[count:]]) or not _differ(names, texts[count:]):
            return 0
    while count < len(rows) and any(cell is below for cell, below in zip(rows[count - 1], rows[count], strict=True)):
        count += 1
    return count if count < len(rows) and count <= _MOST_HEADER_ROWS else 0


def _differ(names: list[str], body: list[list[str]]) -> bool:
    """Whether the rows below are another kind of text: values, the same words again and again, or longer ones."""
    columns = [[text for text in column if text] for column in zip(*body, strict=True)]
    kinds = any(
        sum(map(is_value, column)) > len(column) / 2
        or (len(set(column)) < _REPEATED * len(column) and name not in column)
        for name, column in zip(names, columns, strict=True)
    )
    return kinds or _mean_length(names) < _SHORTER * _mean_length([text for column in columns for text in column])


def _mean_length(texts: list[str]) -> float:
    return sum(map(len, texts)) / max(1, len(list(filter(None, texts))))


def _naming_rows(rows: list[list[Cell]], texts: list[list[str]]) -> int:
    """How many rows it takes until every column has a name of its own; one over several columns names none of them."""
    named: set[int] = set()
    for count, (row, said) in enumerate(zip(rows, texts, strict=True)):
        filled = {column for column, text in enumerate(said) if text}
        if count and (not filled - {0} or filled & named):
            return count
        named |= {column for column in filled if row.count(row[column]) == 1}
    return len(rows)


def _bold_rows(rows: list[list[Cell]], glyphs: Glyphs) -> int:
    for count, row in enumerate(rows):
        firsts = [cell.pieces[0] for cell in row if cell.pieces]
        if not all(glyphs.is_bold(piece.start) for piece in firsts):
            return count
    return 0


def _text(raw: str, cell: Cell) -> Worded:
    return compose(raw, cell.pieces, cell_separators(raw, cell.pieces))


def _name(cells: Sequence[Worded]) -> Worded:
    """A column's name: what stands above it, from top to bottom, merged cells once."""
    parts: list[Worded | str] = []
    for above, cell in zip([None, *cells][:-1], cells, strict=True):
        if cell.text and cell is not above:
            parts += [" ", cell]
    return joined(parts[1:])


def _body_row(names: Sequence[Worded], cells: Sequence[Worded]) -> Worded:
    """A row below the header. One cell across the whole table is a heading of its rows and no column's value."""
    whole = len(cells) > 1 and all(cell is cells[0] for cell in cells)
    return cells[0] if whole else _row(names, cells)


def _row(names: Sequence[Worded], cells: Sequence[Worded]) -> Worded:
    parts: list[Worded | str] = []
    merged = [cell is before for before, cell in zip([None, *cells][:-1], cells, strict=True)]
    for entry in entries([name.text for name in names], [cell.text for cell in cells], merged):
        parts.append(" / ")
        if entry.name_end:
            parts += [names[entry.column].part(0, entry.name_end), ": "]
        parts.append(cells[entry.column])
        if entry.unit:
            parts += [" ", names[entry.column].part(*entry.unit)]
    return joined(parts[1:])
