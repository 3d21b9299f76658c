"""Ruled tables as geometry: lines that touch form a grid, cells without a line between them are one (a span)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.parsing.pdf_rules import Rule, Rules, levels

# Points by which lines that meet may miss one another.
_NEAR = 4.0
# A drawing has more lines than any table of one page.
_MOST_RULES = 400
_MOST_CELLS = 4_000
# The share of cells with lines along their sides.
_WHOLE = 0.8
# The share of a side that a line may leave open at each end.
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Area:
    """A cell of a grid: rows [top, bottom) and columns [left, right)."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells in reading order; where its columns and rows begin and end, in points from the top left.

    `sure`: told by lines or values; else only a row of names at its top makes it a table.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    areas: tuple[Area, ...]
    sure: bool = True


def grids(rules: Rules) -> list[Grid]:
    """Every grid of at least two rows and two columns, from the top of the page down."""
    if len(rules.across) < 2 or not rules.down or len(rules.across) + len(rules.down) > _MOST_RULES:  # noqa: PLR2004 - two lines hold a row
        return []
    found = [_grid(across, down) for across, down in _touching(rules)]
    return sorted((grid for grid in found if grid), key=lambda grid: (grid.ys[0], grid.xs[0]))


def _touching(rules: Rules) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines across and down of each figure whose lines hang together."""
    waiting_across, waiting_down = list(rules.across), list(rules.down)
    while waiting_down:
        across: list[Rule] = []
        down = [waiting_down.pop()]
        reached = 0
        # Lines found in one direction lead to further ones in the other, until there are no more.
        while reached < len(across) + len(down):
            reached = len(across) + len(down)
            across += _taken(waiting_across, [rule for rule in waiting_across if any(_meet(rule, one) for one in down)])
            down += _taken(waiting_down, [rule for rule in waiting_down if any(_meet(one, rule) for one in across)])
        if across:
            yield across, down


def _taken(waiting: list[Rule], found: list[Rule]) -> list[Rule]:
    gone = set(found)
    waiting[:] = [rule for rule in waiting if rule not in gone]
    return found


def _meet(across: Rule, down: Rule) -> bool:
    return across.start - _NEAR <= down.at <= across.end + _NEAR and down.start - _NEAR <= across.at <= down.end + _NEAR


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    ys = _places(across, down)
    xs = _places(down, across)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:  # noqa: PLR2004 - less is a frame or a list
        return None
    areas = tuple(_areas(xs, ys, across, down))
    whole = sum(_is_whole(area, xs, ys, across, down) for area in areas)
    return Grid(tuple(xs), tuple(ys), areas) if whole >= _WHOLE * len(areas) else None


def _places(rules: list[Rule], crossing: list[Rule]) -> list[float]:
    """Where the lines of one direction stand, and where the crossing ones end beyond them: tables open at a side."""
    found = [sum(rule.at for rule in level) / len(level) for level in levels(rules)]
    first, last = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    return [
        *([first] if first < found[0] - 2 * _NEAR else []),
        *found,
        *([last] if last > found[-1] + 2 * _NEAR else []),
    ]


def _areas(xs: Sequence[float], ys: Sequence[float], across: list[Rule], down: list[Rule]) -> Iterator[Area]:
    """The cells in reading order. A cell grows right while no line stops it, then down as far as it is as wide."""
    rows, columns = len(ys) - 1, len(xs) - 1
    right = [[_closed(down, xs[c + 1], ys[r], ys[r + 1]) for c in range(columns)] for r in range(rows)]
    below = [[_closed(across, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)] for r in range(rows)]
    taken: set[tuple[int, int]] = set()
    for top in range(rows):
        for left in range(columns):
            if (top, left) in taken:
                continue
            edge = left + 1
            while edge < columns and not right[top][edge - 1] and (top, edge) not in taken:
                edge += 1
            bottom = top + 1
            while bottom < rows and _goes_on(right, below, bottom, left, edge):
                bottom += 1
            taken |= {(r, c) for r in range(top, bottom) for c in range(left, edge)}
            yield Area(top, bottom, left, edge)


def _goes_on(right: list[list[bool]], below: list[list[bool]], row: int, left: int, edge: int) -> bool:
    """Whether the cell above reaches into this row: no line between, none inside, and lines at its sides."""
    return (
        not any(below[row - 1][left:edge])
        and not any(right[row][left : edge - 1])
        and (edge == len(right[row]) or right[row][edge - 1])
        and (left == 0 or right[row][left - 1])
    )


def _is_whole(area: Area, xs: Sequence[float], ys: Sequence[float], across: list[Rule], down: list[Rule]) -> bool:
    """Whether lines run along all of the cell's sides; the table's own may be open. A drawing's boxes stand apart."""
    x0, y0, x1, y1 = xs[area.left], ys[area.top], xs[area.right], ys[area.bottom]
    return (
        (area.left == 0 or _covered(down, x0, y0, y1))
        and (area.right == len(xs) - 1 or _covered(down, x1, y0, y1))
        and (area.top == 0 or _covered(across, y0, x0, x1))
        and (area.bottom == len(ys) - 1 or _covered(across, y1, x0, x1))
    )


def _covered(rules: list[Rule], at: float, start: float, end: float) -> bool:
    slack = max(_NEAR, _SLACK * (end - start))
    return any(abs(rule.at - at) <= _NEAR and rule.start <= start + slack and rule.end >= end - slack for rule in rules)


def _closed(rules: list[Rule], at: float, start: float, end: float) -> bool:
    """Whether a line stands there, along the middle of the stretch."""
    middle = (start + end) / 2
    return any(abs(rule.at - at) <= _NEAR and rule.start <= middle <= rule.end for rule in rules)
