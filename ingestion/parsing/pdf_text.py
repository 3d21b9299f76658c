"""The text layer of one PDF page: readable text, and a box for every word of it.

PDFium gives characters in drawing order with line ends where the lines end on paper. Here lines of one paragraph are
joined (nothing between two CJK characters, a blank between others), and blanks that only spacing put between CJK
characters are dropped. Text is built word by word, so every word knows its place in the text and on the page.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from ctypes import byref, c_int, create_string_buffer
from dataclasses import replace
from typing import Any

from ingestion.parsing.pdf_lines import HYPHEN, WORD_PART, Box, Piece, around, separators, without_leaders
from ingestion.parsing.pdf_rules import Affine, read_rules
from ingestion.parsing.pdf_tables import Glyphs, Table, find_tables, table_rows
from ingestion.parsing.pdf_unseen import unseen
from ingestion.parsing.worded import Worded, compose, joined
from ingestion.parsing.words import WORD

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BAD_SHARE = 0.25
_SURROGATES = range(0xD800, 0xE000)
_BOLD, _FIXED_PITCH, _LONGEST_NAME = 600, 1, 200
_FIXED = re.compile("mono|courier|consol|typewriter|cmtt|fixed")
# A blank line, so that no sentence runs from one row into the next or out of the table.
_ROW_END = "\n\n"


def is_garbled(text: str) -> bool:
    """Whether the text layer holds glyph numbers instead of characters (a font without a mapping to Unicode)."""
    shown = Counter("".join(text.split()))
    bad = sum(count for char, count in shown.items() if _BAD.match(char) or unicodedata.category(char) == "Cn")
    return bad > _BAD_SHARE * shown.total()


def read_text(page: Any) -> Worded:
    """Text and words of an opened pypdfium2 page. Raises PdfiumError where the page cannot be read."""
    layer = page.get_textpage()
    try:
        raw = _characters(layer)
        to_screen = _to_screen(page)
        box = _box_reader(to_screen, layer)
        pieces = without_leaders(raw, list(pieces_of(raw, box)))
        hidden = unseen(page, layer, raw, pieces)
        pieces = _without(pieces, hidden)
        tables = find_tables(raw, pieces, read_rules(page, to_screen), _glyphs(layer, box))
    finally:
        layer.close()
    found = _with_tables(raw, pieces, tables) if tables else compose(raw, pieces, separators(raw, pieces))
    return replace(found, unseen=compose(raw, hidden, separators(raw, hidden)).text) if hidden else found


def _without(pieces: list[Piece], hidden: list[Piece]) -> list[Piece]:
    starts = {piece.start for piece in hidden}
    return [piece for piece in pieces if piece.start not in starts] if starts else pieces


def _with_tables(raw: str, pieces: list[Piece], tables: list[Table]) -> Worded:
    """The page's text with each table, row by row, where its first word stands."""
    place = {piece.start: table for table in tables for piece in table.pieces}
    parts: list[Worded] = []
    run: list[Piece] = []
    waiting = list(tables)
    for piece in pieces:
        table = place.get(piece.start)
        if table is None:
            run.append(piece)
        elif table in waiting:
            waiting.remove(table)
            parts += [compose(raw, run, separators(raw, run)), *table_rows(raw, table)]
            run = []
    parts.append(compose(raw, run, separators(raw, run)))
    return joined([one for part in parts if part.text for one in (_ROW_END, part)][1:])


def _glyphs(layer: Any, box: Callable[[int], Box]) -> Glyphs:
    import pypdfium2.raw as pdfium_c

    def is_bold(character: int) -> bool:
        return pdfium_c.FPDFText_GetFontWeight(layer.raw, character) >= _BOLD or "bold" in font(character)[0]

    def is_fixed(character: int) -> bool:
        name, flags = font(character)
        return bool(flags & _FIXED_PITCH) or bool(_FIXED.search(name))

    def font(character: int) -> tuple[str, int]:
        name, flags = create_string_buffer(_LONGEST_NAME), c_int()
        pdfium_c.FPDFText_GetFontInfo(layer.raw, character, name, _LONGEST_NAME, byref(flags))
        return name.value.decode("utf-8", "replace").lower(), flags.value

    return Glyphs(box, is_bold, is_fixed)


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


def _box_reader(to_screen: Affine, layer: Any) -> Callable[[int], Box]:
    """Character number → box in points, origin top left, as the page is shown (rotation and crop applied)."""
    import pypdfium2.raw as pdfium_c

    a, b, c, d, e, f = to_screen
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

    def upright(index: int) -> Box:
        if not get_box(handle, index, reference):
            return (0.0, 0.0, 0.0, 0.0)
        return (a * rect.left + e, d * rect.top + f, a * rect.right + e, d * rect.bottom + f)

    return upright if a > 0 > d and b == c == 0 else box


def _to_screen(page: Any) -> Affine:
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


def pieces_of(raw: str, box: Callable[[int], Box]) -> Iterator[Piece]:
    """The words of a text as they stand on the page. `box` gives the box of the character of that number."""
    hyphenated = HYPHEN.search(raw) is not None
    for match in WORD.finditer(raw):
        start, end = match.span()
        first = box(start)
        if end - start == 1:
            yield Piece(start, end, first)
            continue
        last = box(end - 1)
        if hyphenated and HYPHEN.search(raw, start, end - 1):
            yield from _broken_at_hyphens(raw, start, end, box)
        elif _one_line(first, last):
            yield Piece(start, end, around(first, last))
        else:
            yield from _broken(start, end, box)


def _one_line(first: Box, last: Box) -> bool:
    beside = first[1] < last[3] and last[1] < first[3]
    below = first[0] < last[2] and last[0] < first[2]
    return beside or below


def _broken_at_hyphens(raw: str, start: int, end: int, box: Callable[[int], Box]) -> Iterator[Piece]:
    """A word that goes on in the next line of a narrow column: what follows may lie right under what went before."""
    for match in WORD_PART.finditer(raw, start, end):
        yield from _broken(*match.span(), box)


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
