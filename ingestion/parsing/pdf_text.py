"""The text layer of one PDF page: readable text, and a box for every word of it.

PDFium gives characters in drawing order with line ends where the lines end on paper. Here lines of one paragraph are
joined (nothing between two CJK characters, a blank between others), and blanks that only spacing put between CJK
characters are dropped. Text is built word by word, so every word knows its place in the text and on the page.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from ctypes import byref, c_int
from dataclasses import dataclass
from typing import Any

from ingestion.parsing import Word
from ingestion.parsing.pdf_lines import LEADER, SOFT_HYPHEN, Box, Piece, around, separators, without_leaders
from ingestion.parsing.words import WORD

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BAD_SHARE = 0.25
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text and its words, in text order."""

    text: str
    words: tuple[Word, ...]


def is_garbled(text: str) -> bool:
    """Whether the text layer holds glyph numbers instead of characters (a font without a mapping to Unicode)."""
    shown = [char for char in text if not char.isspace()]
    bad = sum(1 for char in shown if _BAD.match(char) or unicodedata.category(char) == "Cn")
    return bad > _BAD_SHARE * len(shown)


def read_text(page: Any) -> PageText:
    """Text and words of an opened pypdfium2 page. Raises PdfiumError where the page cannot be read."""
    layer = page.get_textpage()
    try:
        raw = _characters(layer)
        pieces = without_leaders(raw, list(_pieces(raw, _box_reader(page, layer))))
    finally:
        layer.close()
    return _compose(raw, pieces)


def _characters(layer: Any) -> str:
    """One code point per character of PDFium's list, so that positions in the string are its character numbers."""
    import pypdfium2.raw as pdfium_c

    count = layer.count_chars()
    if count <= 0:
        return ""
    text: str = layer.get_text_range()
    if len(text) == count and "\ud800" not in text:
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(layer, index) for index in range(count))
    # Halves of a surrogate pair and zero stand for nothing by themselves.
    return "".join(chr(code) if code and code not in _SURROGATES else "\ufffd" for code in codes)


def _box_reader(page: Any, layer: Any) -> Callable[[int], Box]:
    """Character number → box in points, origin top left, as the page is shown (rotation and crop applied)."""
    import pypdfium2.raw as pdfium_c

    a, b, c, d, e, f = _to_screen(page)
    rect, reference = (found := pdfium_c.FS_RECTF()), byref(found)
    get_box, handle = pdfium_c.FPDFText_GetLooseCharBox, layer.raw

    def box(index: int) -> Box:
        if not get_box(handle, index, reference):
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        x0, y0 = a * left + c * bottom + e, b * left + d * bottom + f
        x1, y1 = a * right + c * top + e, b * right + d * top + f
        # Conditional expressions, not min() and max(): this runs for every word of every page.
        if x0 > x1:
            x0, x1 = x1, x0
        return (x0, y0, x1, y1) if y0 < y1 else (x0, y1, x1, y0)

    return box


def _to_screen(page: Any) -> tuple[float, float, float, float, float, float]:
    """The affine map from page space to points from the top left, measured on three points with PDFium itself."""
    import pypdfium2.raw as pdfium_c

    width, height = page.get_size()
    fine, far = 1000, 1000

    def at(x: float, y: float) -> tuple[float, float]:
        to_x, to_y = c_int(), c_int()
        pdfium_c.FPDF_PageToDevice(page, 0, 0, int(width * fine), int(height * fine), 0, x, y, byref(to_x), byref(to_y))
        return to_x.value / fine, to_y.value / fine

    (e, f), (xa, xb), (yc, yd) = at(0, 0), at(far, 0), at(0, far)
    return (xa - e) / far, (xb - f) / far, (yc - e) / far, (yd - f) / far, e, f


def _pieces(raw: str, box: Callable[[int], Box]) -> Iterator[Piece]:
    for match in WORD.finditer(raw):
        start, end = match.span()
        first = box(start)
        last = first if end - start == 1 else box(end - 1)
        if _one_line(first, last):
            yield Piece(start, end, around(first, last))
        else:
            yield from _broken(start, end, box)


def _one_line(first: Box, last: Box) -> bool:
    beside = first[1] < last[3] and last[1] < first[3]
    below = first[0] < last[2] and last[0] < first[2]
    return beside or below


def _broken(start: int, end: int, box: Callable[[int], Box]) -> Iterator[Piece]:
    """A run that jumps to another line without a line end in the text: one piece per line."""
    begin, whole = start, box(start)
    for index in range(start + 1, end):
        here = box(index)
        if not _one_line(whole, here):
            yield Piece(begin, index, whole)
            begin, whole = index, here
        else:
            whole = around(whole, here)
    yield Piece(begin, end, whole)


def _compose(raw: str, pieces: list[Piece]) -> PageText:
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    for piece, following, gap in zip(pieces, [*pieces[1:], None][: len(pieces)], separators(raw, pieces), strict=True):
        shown = _shown(raw, piece, following)
        words.append(Word(length, length + len(shown), *(round(value, 2) for value in piece.box)))
        parts += (shown, gap)
        length += len(shown) + len(gap)
    return PageText("".join(parts), tuple(words))


def _shown(raw: str, piece: Piece, following: Piece | None) -> str:
    """The piece's text. A hyphen at a line end goes where it only broke a word, and stays in `P-` + `101`."""
    text = raw[piece.start : piece.end]
    if LEADER.fullmatch(text):
        return "…"
    if len(text) == 1 or not SOFT_HYPHEN.search(text):
        return text
    broke_a_word = following is not None and text[-2].islower() and raw[following.start].islower()
    return text[:-1] if broke_a_word else text[:-1] + "-"
