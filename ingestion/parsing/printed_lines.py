"""The printed lines of a page: words side by side, cut into segments where a gutter could run between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from ingestion.parsing.pdf_lines import Box, Piece, around

# In heights of the type: how wide a gutter is at least, and how far words of one line may lie apart, doubled.
GUTTER = 0.9
_BESIDE = 0.8


@dataclass(slots=True)
class Segment:
    """Words of one line without a gutter between them."""

    box: Box
    pieces: list[Piece]

    def text(self, raw: str) -> str:
        """The words, with a blank where PDFium has something between two."""
        gaps = (" " if before.end != after.start else "" for before, after in pairwise(self.pieces))
        words = (raw[piece.start : piece.end] for piece in self.pieces)
        return "".join(word + gap for word, gap in zip_longest(words, gaps, fillvalue=""))


@dataclass(slots=True)
class Line:
    """One printed line across the page: its segments from left to right."""

    segments: list[Segment]
    box: Box

    @property
    def height(self) -> float:
        """Of its type, in points."""
        return max(self.segments[0].box[3] - self.segments[0].box[1], 1.0)

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.box[1] + self.box[3]) / 2


def printed_lines(pieces: Sequence[Piece]) -> Iterator[Line]:
    """The lines from the top of the page down."""
    waiting: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[1] + piece.box[3]):
        if waiting and not _beside(waiting[0], piece):
            yield _line(waiting)
            waiting = []
        waiting.append(piece)
    if waiting:
        yield _line(waiting)


def _beside(first: Piece, piece: Piece) -> bool:
    height = min(first.box[3] - first.box[1], piece.box[3] - piece.box[1])
    return abs(first.box[1] + first.box[3] - piece.box[1] - piece.box[3]) < _BESIDE * height


def _line(pieces: list[Piece]) -> Line:
    pieces.sort(key=lambda piece: piece.box[0])
    height = pieces[0].box[3] - pieces[0].box[1]
    segments = [Segment(pieces[0].box, [pieces[0]])]
    for piece in pieces[1:]:
        last = segments[-1]
        if piece.box[0] - last.box[2] > GUTTER * height:
            segments.append(Segment(piece.box, [piece]))
        else:
            last.box = around(last.box, piece.box)
            last.pieces.append(piece)
    whole = segments[0].box
    for segment in segments[1:]:
        whole = around(whole, segment.box)
    return Line(segments, whole)
