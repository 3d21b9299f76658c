"""Words of a PDF page that nobody can see: in the paper's colour, not drawn, of no size, or off the page.

A document that tells people one thing and a language model another does it with such words. Whether a word is seen is
asked of the drawn page, so that white letters on a dark bar stay; it is drawn only where a word gives reason to.
"""

from collections.abc import Sequence
from ctypes import byref, c_uint
from typing import TYPE_CHECKING, Any, cast

from ingestion.parsing.ocr import need
from ingestion.parsing.pdf_lines import Box, Piece

if TYPE_CHECKING:
    from PIL.Image import Image

# Colours from here on may be the paper's, and fills up to here let everything through (of 255).
_LIGHT, _CLEAR = 0xE0, 0x10
# Ink that differs less than this from its paper (of 255) is not seen; a pale grey stamp differs by 20.
_SEEN = 8
_POINTS = 1.0
_PIXELS_PER_POINT = 2
# A bracket that runs over the margin hides nothing; fewer characters than these give no order.
_FEW = 10
_ENDS = ("", "\r", "\n")
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


def unseen(page: Any, layer: Any, raw: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Those of the words of an opened pypdfium2 page, with its text page and text, that its reader cannot see."""
    size = page.get_size()
    nowhere = {piece.start for piece in pieces if _is_off(piece.box, size) or _is_tiny(piece.box)}
    doubted = [piece for piece in _doubted(page, layer, raw, pieces) if piece.start not in nowhere]
    if doubted:
        picture = page.render(scale=_PIXELS_PER_POINT, grayscale=True).to_pil()
        nowhere |= {piece.start for piece in doubted if not _is_drawn(picture, piece.box)}
    found = [piece for piece in pieces if piece.start in nowhere]
    return found if sum(piece.end - piece.start for piece in found) >= _FEW else []


def _is_off(box: Box, size: tuple[float, float]) -> bool:
    width, height = size
    return box != _NOWHERE and (box[2] <= 0 or box[3] <= 0 or box[0] >= width or box[1] >= height)


def _is_tiny(box: Box) -> bool:
    # A box that PDFium does not know is no proof of anything.
    return box != _NOWHERE and max(box[2] - box[0], box[3] - box[1]) < _POINTS


def _doubted(page: Any, layer: Any, raw: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Words that are light, let through what is behind them, or are not drawn."""
    pale = _pale_reader(layer)
    found = [piece for piece in pieces if pale(piece.start)]
    # Asking every word how it is drawn would cost as much again; text that is not begins or ends a line somewhere.
    edges = (piece for piece in pieces if raw[piece.start - 1 : piece.start] in _ENDS or raw[piece.end :][:1] in _ENDS)
    if not any(_is_undrawn(layer, piece.start) for piece in edges):
        return found
    # Over a scan, text that is not drawn is what OCR made of the picture.
    undrawn = () if need.is_picture(page) else (piece for piece in pieces if _is_undrawn(layer, piece.start))
    return [*found, *undrawn]


def _is_undrawn(layer: Any, character: int) -> bool:
    import pypdfium2.raw as pdfium_c

    text = pdfium_c.FPDFText_GetTextObject(layer.raw, character)
    return bool(text) and pdfium_c.FPDFTextObj_GetTextRenderMode(text) == need.HIDDEN


def _pale_reader(layer: Any) -> Any:
    """Character number → whether its fill is light or clear."""
    import pypdfium2.raw as pdfium_c

    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    places = byref(red), byref(green), byref(blue), byref(alpha)
    get_colour, handle = pdfium_c.FPDFText_GetFillColor, layer.raw

    def pale(character: int) -> bool:
        if not get_colour(handle, character, *places):
            return False
        return (red.value >= _LIGHT and green.value >= _LIGHT and blue.value >= _LIGHT) or alpha.value <= _CLEAR

    return pale


def _is_drawn(picture: "Image", box: Box) -> bool:
    """Whether anything but one colour is there. The box is taken a little smaller: rules and neighbours touch it."""
    x0, y0, x1, y1 = (side * _PIXELS_PER_POINT for side in box)
    inset_x, inset_y = (x1 - x0) / 10, (y1 - y0) / 5
    left, top = max(0, round(x0 + inset_x)), max(0, round(y0 + inset_y))
    right, bottom = min(picture.width, round(x1 - inset_x)), min(picture.height, round(y1 - inset_y))
    if right <= left or bottom <= top:
        return False
    darkest, lightest = cast("tuple[int, int]", picture.crop((left, top, right, bottom)).getextrema())
    return lightest - darkest >= _SEEN
