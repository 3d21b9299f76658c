"""Whether lines in columns are a table, and not prose, a list, a table of contents, an index or a listing."""

import re
from collections.abc import Callable, Sequence

from ingestion.parsing.column_runs import LEAST_COLUMNS, LEAST_ROWS, Run, column_at
from ingestion.parsing.pdf_lines import LIST_MARK
from ingestion.parsing.pdf_rules import Rule
from ingestion.parsing.printed_lines import Line, Segment
from ingestion.parsing.tables import is_value

# In heights of the type.
_ALIGNED = 0.35
# Shares of a column's cells, of the rows, of the lines, of a column's width.
_MOST, _HALF, _VALUES, _EDGES, _FULL = 0.7, 0.5, 0.6, 0.6, 0.75
_PROSE_CHARACTERS = 28
_ENDS_WITH_PAGE = re.compile(r".*[^\d\s].*[,\s…]\d{1,4}$")
_LETTERS = re.compile(r"[A-Za-z]")
_SAYS = re.compile(r"\w")
_SIGN = re.compile(r"[#$|/\\<>(\[{*+:;@%&~=•・–—-]")


def is_table(raw: str, run: Run, rows: list[list[Line]], is_fixed: Callable[[int], bool]) -> bool:
    """Rows of several cells, each column aligned, and nothing that only looks so."""
    full = [
        row
        for row in rows
        if len({column_at(run.columns, segment.box[0]) for line in row for segment in line.segments}) > 1
    ]
    cells = _cells(run)
    return (
        len(cells) >= LEAST_COLUMNS
        and len(full) >= max(LEAST_ROWS, _MOST * len(rows))
        and all(len(column) >= LEAST_COLUMNS and _aligned(column) for column in cells)
        and not _is_prose(raw, cells)
        and not _is_list(raw, run, cells)
        and not _is_code(raw, run, cells, is_fixed)
    )


def _cells(run: Run) -> list[list[Segment]]:
    """The segments of each column."""
    found: list[list[Segment]] = [[] for _ in run.columns]
    for line in run.lines:
        for segment in line.segments:
            found[column_at(run.columns, segment.box[0])].append(segment)
    return found


def _aligned(column: list[Segment]) -> bool:
    """Whether most cells share a left edge, a right edge or a middle."""
    near = _ALIGNED * (column[0].box[3] - column[0].box[1])
    lefts, rights = ([segment.box[side] for segment in column] for side in (0, 2))
    middles = [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]
    return any(
        sum(place <= other <= place + near for other in places) >= _EDGES * len(places)
        for places in (lefts, rights, middles)
        for place in places
    )


def _is_prose(raw: str, cells: list[list[Segment]]) -> bool:
    """Whether two columns are filled with running text."""
    return sum(_runs_on(raw, column) for column in cells) >= LEAST_COLUMNS


def _runs_on(raw: str, column: list[Segment]) -> bool:
    width = max(segment.box[2] for segment in column) - min(segment.box[0] for segment in column)
    full = [segment for segment in column if segment.box[2] - segment.box[0] > _FULL * width]
    long = sum(len(segment.text(raw).encode("cp932", "replace")) for segment in column) / len(column)
    return len(full) > _HALF * len(column) and long > _PROSE_CHARACTERS


def _is_list(raw: str, run: Run, cells: list[list[Segment]]) -> bool:
    """Whether it is a list with its marks, a table of contents or an index."""
    marks = sum(bool(LIST_MARK.fullmatch(segment.text(raw))) for segment in cells[0])
    texts = [[segment.text(raw) for segment in column] for column in cells]
    everything = [text for column in texts for text in column]
    pages = sum(bool(_ENDS_WITH_PAGE.fullmatch(text)) for text in everything)
    leaders = sum("..." in text or "…" in text or ". . ." in text for text in everything)
    contents = len(cells) == LEAST_COLUMNS and all(text.isdigit() for text in texts[-1])
    return (
        (len(cells) == LEAST_COLUMNS and marks > _HALF * len(cells[0]))
        or pages > _HALF * len(everything)
        or leaders > _HALF * len(run.lines)
        or contents
    )


def _is_code(raw: str, run: Run, cells: list[list[Segment]], is_fixed: Callable[[int], bool]) -> bool:
    """Whether it is a listing: in type of one width, begun with signs, or with a column of signs."""
    pieces = [piece for line in run.lines for segment in line.segments for piece in segment.pieces]
    words = [piece for piece in pieces if _LETTERS.search(raw, piece.start, piece.end)]
    fixed = sum(is_fixed(piece.start) for piece in words)
    signs = [sum(not _SAYS.search(segment.text(raw)) for segment in column) / len(column) for column in cells]
    begun = sum(bool(_SIGN.match(line.segments[0].text(raw))) for line in run.lines)
    return fixed > _HALF * len(words) or max(signs) > _HALF or begun > _HALF * len(run.lines)


def is_sure(raw: str, run: Run, across: Sequence[Rule]) -> bool:
    """A column of values, or lines across above and below."""
    values = any(sum(is_value(one.text(raw)) for one in cells) >= _VALUES * len(cells) for cells in _cells(run)[1:])
    top, bottom = run.lines[0].box[1], run.lines[-1].box[3]
    left, right = run.columns[0].x0, run.columns[-1].x1
    ruled = sum(
        top - 2 * run.lines[0].height < rule.at < bottom + run.lines[0].height
        and abs(rule.start - left) + abs(rule.end - right) < (right - left) / 2
        for rule in across
    )
    return values or ruled >= LEAST_COLUMNS
