"""Runs of printed lines that leave the same gutters free, and the columns between those."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from ingestion.parsing.printed_lines import GUTTER, Line, Segment

LEAST_ROWS, LEAST_COLUMNS = 3, 2
# In heights of the type: how far apart lines of one table, lines of one cell, and two halves of a line are at most.
PITCH = 2.7
_LEADING = 1.7
_HALF_LINE = 0.9
_MOST_COLUMNS = 15


@dataclass(frozen=True, slots=True)
class Column:
    """From x0 to x1 in points, and the numbers of the lines that have words in it."""

    x0: float
    x1: float
    lines: frozenset[int]

    def holds(self, segment: Segment) -> bool:
        """Whether the segment stands in this column."""
        return self.x0 <= segment.box[0] + 0.1 and segment.box[2] <= self.x1 + 0.1


@dataclass(slots=True)
class Run:
    """Lines that leave the same gutters free, from the top down, and the columns between them."""

    lines: list[Line]
    columns: list[Column]


def runs_of(lines: list[Line]) -> Iterator[Run]:
    """From the bottom up: rows tell the columns apart, while a name above may stand over several of them."""
    end = len(lines)
    while end:
        start, run = end, Run([], [])
        while start and (columns := _with(run, lines[start - 1])):
            start -= 1
            run = Run([lines[start], *run.lines], columns)
        if len(run.lines) >= LEAST_ROWS and (trimmed := _trimmed(run)):
            yield _with_hanging(trimmed, lines[end:])
        end = min(start, end - 1)


def _with_hanging(run: Run, below: list[Line]) -> Run:
    """The run with the last lines of cells that wrap in its last row."""
    lines, columns = list(run.lines), list(run.columns)
    for line in below:
        column = column_at(columns, line.segments[0].box[0])
        ends = [one.x0 for one in columns[column + 1 :]]
        if (
            len(line.segments) > 1
            or column < 1
            or line.middle - lines[-1].middle > _LEADING * line.height
            or line.box[2] > min(ends, default=line.box[2])
        ):
            break
        lines.append(line)
        columns[column] = replace(columns[column], x1=max(columns[column].x1, line.box[2]))
    return Run(lines, columns)


def _with(run: Run, line: Line, *, hanging: bool = False) -> list[Column] | None:
    """The run's columns with this line's words in them; nothing where the line closes a gutter or is too far above."""
    if run.lines and run.lines[0].middle - line.middle > PITCH * min(run.lines[0].height, line.height):
        return None
    if not run.lines and len(line.segments) < LEAST_COLUMNS and not hanging:
        return None
    columns = list(run.columns)
    for segment in line.segments:
        merged = _merged(columns, segment, len(run.lines), GUTTER * line.height)
        if merged is None:
            return None
        columns = merged
    return columns if len(columns) <= _MOST_COLUMNS else None


def _merged(columns: list[Column], segment: Segment, line: int, gutter: float) -> list[Column] | None:
    """The columns with this segment in one; nothing where it would join two that one line fills both."""
    met = [one for one in columns if one.x0 < segment.box[2] + gutter and segment.box[0] < one.x1 + gutter]
    filled = frozenset({line}).union(*(one.lines for one in met))
    if len(filled) < 1 + sum(len(one.lines) for one in met):
        return None
    x0, x1 = min([segment.box[0], *(one.x0 for one in met)]), max([segment.box[2], *(one.x1 for one in met)])
    return sorted([*(one for one in columns if one not in met), Column(x0, x1, filled)], key=attrgetter("x0"))


def _trimmed(run: Run) -> Run | None:
    """The run without single words above that only happen to stand in a column."""
    first = next((at for at, line in enumerate(run.lines) if len(line.segments) > 1), len(run.lines))
    # The first line of a cell set in the middle of its row stands half a line above the others.
    while 0 < first < len(run.lines) and _between_lines(run.lines[first - 1], run.lines[first]):
        first -= 1
    return of_lines(run.lines[first:]) if len(run.lines) - first >= LEAST_ROWS else None


def of_lines(lines: list[Line]) -> Run:
    """The run that these lines are."""
    run = Run([], [])
    for line in reversed(lines):
        run = Run([line, *run.lines], _with(run, line, hanging=True) or run.columns)
    return run


def _between_lines(above: Line, line: Line) -> bool:
    return line.middle - above.middle < _HALF_LINE * line.height


def joined_columns(run: Run, rows: list[list[Line]]) -> list[Column]:
    """Neighbouring columns that no row fills both are one: a name at its left edge, numbers at its right."""
    filled = [
        {number for number, row in enumerate(rows) for line in row if any(map(column.holds, line.segments))}
        for column in run.columns
    ]
    found, last = [run.columns[0]], filled[0]
    for column, here in zip(run.columns[1:], filled[1:], strict=True):
        if last & here:
            found.append(column)
            last = here
        else:
            found[-1] = Column(found[-1].x0, column.x1, found[-1].lines | column.lines)
            last = last | here
    return found


def column_at(columns: Sequence[Column], x: float) -> int:
    """The column that a segment beginning at x stands in; -1 left of them all."""
    return bisect_right(columns, x + 0.1, key=attrgetter("x0")) - 1
