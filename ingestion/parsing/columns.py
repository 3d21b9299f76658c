"""Tables without lines: rows of words that leave the same gutters free.

Told by where words stand alone, so what is not clearly a table is none: a missed table reads as lines, as before,
but prose cut into cells cannot be read at all.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from ingestion.parsing.column_rows import rows_of
from ingestion.parsing.column_runs import LEAST_ROWS, PITCH, Column, Run, joined_columns, of_lines, runs_of
from ingestion.parsing.grids import Area, Grid
from ingestion.parsing.lookalikes import is_sure, is_table
from ingestion.parsing.pdf_lines import Piece
from ingestion.parsing.pdf_rules import Rule
from ingestion.parsing.printed_lines import GUTTER, Line, Segment, printed_lines
from ingestion.parsing.tables import is_value

# In heights of the type: how near its column's edge or middle a name stands.
_AT_EDGE = 0.6
# Points within which three rows begin.
_NEAR = 120.0
# More are no page that a person reads, and would take seconds.
_MOST_LINES = 500


def column_tables(
    raw: str, pieces: Sequence[Piece], across: Sequence[Rule], is_fixed: Callable[[int], bool]
) -> list[Grid]:
    """The tables without lines down among these words, from the top of the page.

    `across`: the page's lines across. `is_fixed`: whether a character is set in type of one width.
    """
    if not _may_have_columns(pieces):
        return []
    lines = list(printed_lines(pieces))
    if len(lines) > _MOST_LINES:
        return []
    found: list[Grid] = []
    for run in runs_of(lines):
        table, rows, heads = _settled(raw, run, lines, across)
        if is_table(raw, table, rows, is_fixed):
            found.append(_grid(table, rows, heads, sure=is_sure(raw, table, across)))
    return found


def _may_have_columns(pieces: Sequence[Piece]) -> bool:
    """Whether a few lines near one another leave wide gaps, or a column is written after another: few pages do."""
    gaps: list[float] = []
    for before, piece in pairwise(pieces):
        _, top, right, bottom = before.box
        left, above, _, below = piece.box
        if left - right > GUTTER * (bottom - top):
            if below < top:
                return True
            if above < bottom and top < below:
                gaps.append(top)
    gaps.sort()
    return any(last - first < _NEAR for first, last in zip(gaps, gaps[LEAST_ROWS - 1 :], strict=False))


def _settled(
    raw: str, run: Run, lines: list[Line], across: Sequence[Rule]
) -> tuple[Run, list[list[Line]], list[tuple[int, int, Segment]]]:
    """(the table, its lines by row, the names over several columns): the first line may hold some of those."""
    names = not any(is_value(segment.text(raw)) for line in run.lines[:2] for segment in line.segments)
    for first in (1, 0) if names and len(run.lines) > LEAST_ROWS else (0,):
        kept = of_lines(run.lines[first:])
        rows = rows_of(kept, across)
        table = Run(kept.lines, joined_columns(kept, rows))
        heads = _heads_above(table, lines)
        if heads:
            break
    return table, rows, heads


def _grid(run: Run, rows: list[list[Line]], heads: list[tuple[int, int, Segment]], *, sure: bool) -> Grid:
    xs = _between([(column.x0, column.x1) for column in run.columns])
    above = [(min(head.box[1] for *_, head in heads), max(head.box[3] for *_, head in heads))] if heads else []
    ys = _between([*above, *_heights(rows)])
    areas = [Area(0, 1, left, right) for left, right, _ in heads]
    areas += [
        Area(row, row + 1, left, left + 1) for row in range(len(above), len(ys) - 1) for left in range(len(xs) - 1)
    ]
    return Grid(xs, ys, tuple(areas), sure)


def _between(stretches: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Where the stretches part: half way between each two, and just outside the first and last."""
    middles = (((before[1] + after[0]) / 2) for before, after in pairwise(stretches))
    return (stretches[0][0] - 1, *middles, stretches[-1][1] + 1)


def _heights(rows: list[list[Line]]) -> list[tuple[float, float]]:
    return [(min(line.box[1] for line in row), max(line.box[3] for line in row)) for row in rows]


def _heads_above(run: Run, lines: list[Line]) -> list[tuple[int, int, Segment]]:
    """The words right above the table that head its columns [left, right), where some head several."""
    at = next(index for index, line in enumerate(lines) if line is run.lines[0])
    if at == 0 or run.lines[0].middle - lines[at - 1].middle > PITCH * run.lines[0].height:
        return []
    heads = [(*_span(run.columns, segment), segment) for segment in lines[at - 1].segments]
    apart = all(one[1] <= other[0] for one, other in pairwise(heads))
    return heads if apart and any(right - left > 1 for left, right, _ in heads) and heads[0][0] >= 0 else []


def _span(columns: Sequence[Column], segment: Segment) -> tuple[int, int]:
    """Columns [left, right), not all, that the segment heads; (-1, -1) where there are none.

    One column where it stands at its edge or middle; else several over whose middle it stands; else the one it is over.
    """
    near = segment.box[3] - segment.box[1]
    middle = (segment.box[0] + segment.box[2]) / 2
    ends = [*(column.x0 for column in columns[1:]), columns[-1].x1]
    for number, column in enumerate(columns):
        edges = (column.x0 - segment.box[0], column.x1 - segment.box[2], (column.x0 + column.x1) / 2 - middle)
        if min(map(abs, edges)) < _AT_EDGE * near:
            return number, number + 1
    for width in range(2, len(columns)):
        for left in range(len(columns) - width + 1):
            x0, right = columns[left].x0, left + width - 1
            if any(abs((x0 + x1) / 2 - middle) < near for x1 in (columns[right].x1, ends[right])):
                return left, right + 1
    begins = [columns[0].x0, *(column.x1 for column in columns)]
    over = (number for number, end in enumerate(ends) if begins[number] <= segment.box[0] and segment.box[2] <= end)
    return next(((number, number + 1) for number in over), (-1, -1))
