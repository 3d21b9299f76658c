"""What stands between two words of a PDF page: nothing, a blank or a line end, judged by where they lie on paper."""

import itertools
import re
from dataclasses import dataclass

from ingestion.parsing.words import is_cjk

Box = tuple[float, float, float, float]
# What PDFium puts for a hyphen at a line's end.
HYPHEN = re.compile("[\x02\ufffe\u00ad]")
SOFT_HYPHEN = re.compile("[\x02\ufffe\u00ad]$")
# A word as far as its first hyphen at a line's end.
WORD_PART = re.compile("[^\x02\ufffe\u00ad]+[\x02\ufffe\u00ad]*|[\x02\ufffe\u00ad]+")

LIST_MARK = re.compile(
    r"[・●○■□◆◇▲△▼▽※★☆►▶➢✓•‣◦⁃–*\-①-⑳⑴-⒇]|[（(]?[0-9０-９a-zA-Zア-ン]{1,2}[）)．.]?$|[0-9]+(\.[0-9]+)+\.?$"
)
# All in heights of the word before: how far the next line of a paragraph may begin and lie below.
# Type of one paragraph differs no more than this: boxes of Latin and Japanese fonts do differ.
_ALIKE = (0.75, 1.35)
_LINE_STEP = 2.2
_INDENT = 2.5
_LONGEST_WORD = 12
_SHORTEST_FULL_LINE = 8
_SENTENCE_END = "。．.！？!?:："
_COLUMN_GAP = 0.8
# How many lines above and below show where the column's right edge is.
_NEAR = 12
# The dots of a table of contents, with or without blanks between them, are one mark.
LEADER = re.compile(r"(?:[.．・…‥][ ]?){5,}")
_DOTS = re.compile(r"[.．・…‥]+")


@dataclass(slots=True)
class Piece:
    """A word as PDFium has it: characters [start, end) of its text, box in points from the top left.

    Never changed; not frozen only because that would take three times as long to make, for every word of every page.
    """

    start: int
    end: int
    box: Box


@dataclass(slots=True)
class _Line:
    """The words of one printed line: first and last, and the box around all."""

    first: Piece
    last: Piece
    box: Box

    @property
    def vertical(self) -> bool:
        x0, y0, x1, y1 = self.box
        return y1 - y0 > 3 * (x1 - x0) and self.first is not self.last


def around(one: Box, other: Box) -> Box:
    """The box around both."""
    # Conditional expressions, not min() and max(): this runs for every word of every page.
    a, b, c, d = one
    e, f, g, h = other
    return (a if a < e else e, b if b < f else f, c if c > g else g, d if d > h else h)  # noqa: FURB136


def without_leaders(raw: str, pieces: list[Piece]) -> list[Piece]:
    """The pieces with each run of leader dots made one piece."""
    if not LEADER.search(raw):
        return pieces
    kept: list[Piece] = []
    for piece in pieces:
        dots = _DOTS.fullmatch(raw, piece.start, piece.end)
        if dots and kept and _DOTS.fullmatch(raw[kept[-1].start : piece.end].replace(" ", "")):
            kept[-1] = Piece(kept[-1].start, piece.end, around(kept[-1].box, piece.box))
        else:
            kept.append(piece)
    return kept


def separators(raw: str, pieces: list[Piece]) -> list[str]:
    """What follows each piece in the readable text: nothing, a blank or a line end. Nothing follows the last."""
    if not pieces:
        return []
    lines = _lines(raw, pieces)
    found: list[str] = []
    line = 0
    for piece, following in itertools.pairwise(pieces):
        if lines[line].last is piece:
            found.append(_after_line(raw, lines, line))
            line += 1
        else:
            found.append(_within_line(raw, piece, following))
    return [*found, ""]


def cell_separators(raw: str, pieces: list[Piece]) -> list[str]:
    """The same within a table's cell: its lines are one text, however short they are."""
    found = [_within_cell(raw, piece, following) for piece, following in itertools.pairwise(pieces)]
    return [*found, ""] if pieces else []


def _within_cell(raw: str, piece: Piece, following: Piece) -> str:
    if following.box[1] < (piece.box[1] + piece.box[3]) / 2:
        return _within_line(raw, piece, following)
    last, first = raw[piece.end - 1], raw[following.start]
    return "" if SOFT_HYPHEN.match(last) or (is_cjk(last) and is_cjk(first)) else " "


def _lines(raw: str, pieces: list[Piece]) -> list[_Line]:
    lines = [_Line(pieces[0], pieces[0], pieces[0].box)]
    for piece in pieces[1:]:
        line = lines[-1]
        if "\n" in raw[line.last.end : piece.start]:
            lines.append(_Line(piece, piece, piece.box))
        else:
            line.last, line.box = piece, around(line.box, piece.box)
    return lines


def _within_line(raw: str, piece: Piece, following: Piece) -> str:
    if piece.end == following.start:
        return ""
    if not (is_cjk(raw[piece.end - 1]) and is_cjk(raw[following.start])):
        return " "
    apart = max(following.box[0] - piece.box[2], following.box[1] - piece.box[3])
    return " " if apart > _COLUMN_GAP * _height(piece) else ""


def _after_line(raw: str, lines: list[_Line], number: int) -> str:
    line, below = lines[number], lines[number + 1]
    last, first = raw[line.last.end - 1], raw[below.first.start]
    if SOFT_HYPHEN.match(last):
        return ""
    if not (_continues(raw, line, below) and (line.vertical or _is_full(raw, lines, number))):
        return "\n"
    return "" if is_cjk(last) and is_cjk(first) else " "


def _continues(raw: str, line: _Line, below: _Line) -> bool:
    """Whether the line below could be the same paragraph: same size, right under it, no list mark, no new indent."""
    if line.vertical and below.vertical:
        return raw[line.last.end - 1] not in "。」"
    height = _height(line.last)
    indent = below.box[0] - line.box[0]
    return (
        _ALIKE[0] < _height(below.first) / height < _ALIKE[1]
        and 0 < below.box[1] - line.box[1] < _LINE_STEP * height
        and abs(indent) < _INDENT * height
        and not (indent > 0.5 * height and raw[line.last.end - 1] in _SENTENCE_END)
        and line.box[2] - line.box[0] > _SHORTEST_FULL_LINE * height
        and not LIST_MARK.match(raw[below.first.start : below.first.end])
    )


def _is_full(raw: str, lines: list[_Line], number: int) -> bool:
    """Whether the first word below would not have fitted any more: then only the paper ended, not the line."""
    line, below = lines[number], lines[number + 1]
    near = lines[max(0, number - _NEAR) : number] + lines[number + 1 : number + _NEAR + 1]
    edge = max((other.box[2] for other in near if _share_column(line, other)), default=0.0)
    if line.box[2] > edge + 1.5 * _height(line.last):
        # No other line reaches so far: only a sentence that goes on tells that the paper ended here.
        return raw[line.last.end - 1] not in _SENTENCE_END
    room = min(below.first.box[2] - below.first.box[0], _LONGEST_WORD * _height(below.first))
    return line.box[2] + room > edge - 0.2 * _height(line.last)


def _share_column(line: _Line, other: _Line) -> bool:
    return other.box[0] < line.box[2] and line.box[0] < other.box[2]


def _height(piece: Piece) -> float:
    return max(piece.box[3] - piece.box[1], 0.1)
