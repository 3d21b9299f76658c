"""The order in which lines are read, for engines that find lines but no columns."""

from collections.abc import Sequence
from functools import reduce

from ingestion.parsing.ocr import Box, OcrLine
from ingestion.parsing.pdf_lines import around

# In heights of the type: a gutter between columns is wider, and a column too.
_GUTTER, _COLUMN = 0.8, 8.0
_LINES_OF_A_COLUMN = 3
_Placed = tuple[Box, OcrLine]


def in_reading_order(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """Columns one after the other, lines from top to bottom; vertical lines from right to left."""
    vertical = sum(line.vertical for line in lines) * 2 > len(lines)
    placed = [(_laid_down(box_of(line)) if vertical else box_of(line), line) for line in lines]
    return [line for _, line in _ordered(placed)]


def box_of(line: OcrLine) -> Box:
    """The box around a line's words."""
    return reduce(around, (word.box for word in line.words))


def _laid_down(box: Box) -> Box:
    """The box on the page turned so that its columns, read from right to left, are lines from top to bottom."""
    x0, y0, x1, y1 = box
    return y0, -x1, y1, -x0


def _ordered(placed: list[_Placed]) -> list[_Placed]:
    columns = _columns(placed)
    if len(columns) > 1:
        return [one for column in columns for one in _ordered(column)]
    above, below = _cut(placed)
    if above and below:
        return [*_ordered(above), *_ordered(below)]
    return sorted(placed, key=lambda one: (one[0][0], one[0][1]))


def _columns(placed: list[_Placed]) -> list[list[_Placed]]:
    """The columns, where free stripes from top to bottom part this stretch of the page; else all in one."""
    height = _usual_height(placed)
    parts: list[list[_Placed]] = []
    edge = float("-inf")
    for one in sorted(placed, key=lambda one: one[0][0]):
        if not parts or one[0][0] - edge > _GUTTER * height:
            parts.append([])
        parts[-1].append(one)
        edge = max(edge, one[0][2])
    return parts if all(_is_column(part, height) for part in parts) else [placed]


def _is_column(part: list[_Placed], height: float) -> bool:
    widest = max(box[2] - box[0] for box, _ in part)
    return len(part) >= _LINES_OF_A_COLUMN and widest > _COLUMN * height


def _cut(placed: list[_Placed]) -> tuple[list[_Placed], list[_Placed]]:
    """What stands above and below the widest free stripe from left to right."""
    rows = sorted(placed, key=lambda one: one[0][1])
    bottom, best, at = float("-inf"), float("-inf"), 0
    for number, (box, _) in enumerate(rows):
        # Boxes of neighbouring lines overlap a little: their middles decide.
        if number and (gap := (box[1] + box[3]) / 2 - bottom) > max(best, 0):
            best, at = gap, number
        bottom = max(bottom, box[3])
    return rows[:at], rows[at:]


def _usual_height(placed: list[_Placed]) -> float:
    heights = sorted(box[3] - box[1] for box, _ in placed)
    return heights[len(heights) // 2] if heights else 1.0
