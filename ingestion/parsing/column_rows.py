"""Which printed lines of a table without lines are one row."""

from collections.abc import Sequence
from itertools import pairwise

from ingestion.parsing.column_runs import LEAST_ROWS, Run, column_at
from ingestion.parsing.pdf_rules import Rule
from ingestion.parsing.printed_lines import Line

# Distances between lines that differ by less are the same.
_APART = 1.15


def rows_of(run: Run, across: Sequence[Rule]) -> list[list[Line]]:
    """Lines that are one row: those between two lines across, or closer than rows are, or going on from above."""
    ruled = [_ruled_between(across, before, after) for before, after in pairwise(run.lines)]
    if sum(ruled) >= LEAST_ROWS:
        return _parted(run.lines, ruled)
    gaps = [after.middle - before.middle for before, after in pairwise(run.lines)]
    ways = [[rule or gap > limit for rule, gap in zip(ruled, gaps, strict=True)] for limit in _limits(gaps)]
    below = pairwise(run.lines)
    ways.append([rule or not _wraps(run, *pair) for rule, pair in zip(ruled, below, strict=True)])
    return max((_parted(run.lines, way) for way in ways), key=lambda rows: _clear(run, rows))


def _parted(lines: list[Line], breaks: list[bool]) -> list[list[Line]]:
    rows = [[lines[0]]]
    for line, begins in zip(lines[1:], breaks, strict=True):
        if begins:
            rows.append([line])
        else:
            rows[-1].append(line)
    return rows


def _limits(gaps: list[float]) -> list[float]:
    """Distances that could part lines of one row from rows, where lines are set at clearly different ones."""
    ordered = sorted(gaps)
    return [(low + high) / 2 for low, high in pairwise(ordered) if high > _APART * low]


def _clear(run: Run, rows: list[list[Line]]) -> int:
    """How many more rows have one line in their first column than none or several."""
    firsts = [sum(run.columns[0].holds(line.segments[0]) for line in row) for row in rows]
    return sum(1 if first == 1 else -1 for first in firsts)


def _ruled_between(across: Sequence[Rule], before: Line, after: Line) -> bool:
    x = (before.box[0] + before.box[2]) / 2
    return any(before.middle < rule.at < after.middle and rule.start < x < rule.end for rule in across)


def _wraps(run: Run, before: Line, line: Line) -> bool:
    """Whether every word of the line goes on in a cell above whose line was full."""
    above = {column_at(run.columns, segment.box[0]): segment for segment in before.segments}
    return all(
        (column := column_at(run.columns, segment.box[0])) in above
        and above[column].box[2] + segment.pieces[0].box[2] - segment.pieces[0].box[0] > run.columns[column].x1
        for segment in line.segments
    ) and len(line.segments) < len(before.segments)
