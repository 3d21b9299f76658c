"""Cells of a sheet become its page: each row is one line with its column names, tables are divided by empty rows."""

import itertools
from collections.abc import Iterator, Mapping

from ingestion.parsing.blocks import Block, Section, Style, table_blocks
from ingestion.parsing.tables import looks_like_header

_WIDE = 6

Row = list[str]


def sheet_parts(name: str, cells: Mapping[tuple[int, int], str], *, hidden: bool) -> Iterator[Block | Section]:
    """A page for the sheet. `cells`: (row, column), both from 1, to text; what is merged is filled."""
    shown = f"{name} (hidden)" if hidden else name
    rows = _rows(cells)
    yield Section(shown, landscape=max((len(row) for row in rows), default=0) > _WIDE)
    yield Block(Style.HEADING, shown, 1)
    for island in _islands(rows):
        yield from _island(island)


def _rows(cells: Mapping[tuple[int, int], str]) -> list[Row]:
    """The rows that hold something; one empty row stands for every gap."""
    texts: dict[int, dict[int, str]] = {}
    for (row, column), text in sorted(cells.items()):
        if text:
            texts.setdefault(row, {})[column] = text
    rows: list[Row] = []
    for number, found in texts.items():
        if rows and number - 1 not in texts:
            rows.append([])
        rows.append([found.get(column, "") for column in range(1, max(found) + 1)])
    return rows


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
