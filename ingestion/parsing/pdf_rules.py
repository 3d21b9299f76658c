"""The ruling lines of a PDF page: drawn lines and thin rectangles along the page's edges, pieces made whole."""

from collections.abc import Callable, Iterable, Iterator
from ctypes import byref, c_float, c_int
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Any

from ingestion.parsing.pdf_lines import Box

Affine = tuple[float, float, float, float, float, float]

# Points. Bounds of a line hold its width twice; thicker ones are bars and boxes.
_THIN = 4.0
_SHORTEST = 4.0
# Lines this close along and across are one: cells are often drawn one by one, and rules twice.
_SAME, _TOUCHING = 2.5, 3.0
# A drawing or a map has no tables, and reading all of it would take seconds.
_MOST_PATHS, _MOST_POINTS, _DEEPEST = 6_000, 12_000, 4
_PATH, _FORM = 2, 5
_LINE_TO, _MOVE_TO = 0, 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A line along one axis: `at` on the other axis, from `start` to `end`, in points from the top left."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The page's lines across (`at` is y) and down (`at` is x), each sorted by `at`."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]


def read_rules(page: Any, to_screen: Affine) -> Rules:
    """The ruling lines of an opened pypdfium2 page; none where it draws more than a page of text would."""
    drawn = _Drawn(to_screen)
    import pypdfium2.raw as pdfium_c

    try:
        drawn.walk(page, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, _IDENTITY, 0)
    except _TooMuch:
        return Rules((), ())
    return Rules(tuple(merged(drawn.across)), tuple(merged(drawn.down)))


def merged(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Lines that continue or double one another as one line, sorted by `at`."""
    for level in levels(rules):
        at = sum(rule.at for rule in level) / len(level)
        level.sort(key=attrgetter("start"))
        start, end = level[0].start, level[0].end
        for rule in level[1:]:
            if rule.start > end + _TOUCHING:
                yield Rule(at, start, end)
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        yield Rule(at, start, end)


def levels(rules: Iterable[Rule]) -> list[list[Rule]]:
    """The lines grouped by `at`."""
    ordered = sorted(rules, key=attrgetter("at"))
    found = [[rule] for rule in ordered[:1]]
    for before, rule in pairwise(ordered):
        if rule.at - before.at <= _SAME:
            found[-1].append(rule)
        else:
            found.append([rule])
    return found


_IDENTITY: Affine = (1, 0, 0, 1, 0, 0)


class _TooMuch(Exception):
    """The page draws more than tables."""


class _Drawn:
    """Collects lines while walking a page's objects and the forms in it."""

    def __init__(self, to_screen: Affine) -> None:
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self._to_screen = to_screen
        self._paths = self._points = 0

    def walk(self, holder: Any, count: Callable[..., int], get: Callable[..., Any], inside: Affine, depth: int) -> None:
        """Read every path that `holder` (a page or a form) draws; `inside` maps its space to the page's."""
        import pypdfium2.raw as pdfium_c

        kind_of = pdfium_c.FPDFPageObj_GetType
        for index in range(count(holder)):
            thing = get(holder, index)
            kind = kind_of(thing)
            if kind == _PATH:
                self._path(thing, inside)
            elif kind == _FORM and depth < _DEEPEST:
                form = _times(_matrix(thing), inside)
                self.walk(thing, pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject, form, depth + 1)

    def _path(self, path: Any, inside: Affine) -> None:
        import pypdfium2.raw as pdfium_c

        self._paths += 1
        if self._paths > _MOST_PATHS:
            raise _TooMuch
        left, bottom, right, top = (c_float() for _ in range(4))
        if not pdfium_c.FPDFPageObj_GetBounds(path, byref(left), byref(bottom), byref(right), byref(top)):
            return
        if min(right.value - left.value, top.value - bottom.value) <= _THIN:
            self._add((left.value, bottom.value, right.value, top.value), inside)
        elif _is_stroked(path):
            matrix = _times(_matrix(path), inside)
            for line in self._sides(path):
                self._add(line, matrix)

    def _sides(self, path: Any) -> Iterator[Box]:
        """The straight pieces of a path, in its own space."""
        import pypdfium2.raw as pdfium_c

        count = pdfium_c.FPDFPath_CountSegments(path)
        self._points += count
        if self._points > _MOST_POINTS:
            raise _TooMuch
        x, y = c_float(), c_float()
        here = first = (0.0, 0.0)
        for index in range(count):
            segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
            pdfium_c.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
            kind, before, here = pdfium_c.FPDFPathSegment_GetType(segment), here, (x.value, y.value)
            if kind == _MOVE_TO:
                first = here
            elif kind == _LINE_TO:
                yield (*before, *here)
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                yield (*here, *first)

    def _add(self, line: Box, matrix: Affine) -> None:
        x0, y0, x1, y1 = _placed(_placed(line, matrix), self._to_screen)
        wide, high = abs(x1 - x0), abs(y1 - y0)
        if high <= _THIN and wide >= max(_SHORTEST, 2 * high):
            self.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif wide <= _THIN and high >= max(_SHORTEST, 2 * wide):
            self.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _is_stroked(path: Any) -> bool:
    import pypdfium2.raw as pdfium_c

    fill, stroke = c_int(), c_int()
    return bool(pdfium_c.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke)) and stroke.value)


def _matrix(thing: Any) -> Affine:
    import pypdfium2.raw as pdfium_c

    found = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(thing, byref(found)):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(first: Affine, then: Affine) -> Affine:
    """The map that does both, one after the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _placed(line: Box, matrix: Affine) -> Box:
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = line
    return (a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f)
