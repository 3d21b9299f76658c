"""Whether a PDF's page needs OCR. A page with text that it shows never does: only what is missing or hidden is doubted.

Hidden text (rendering mode 3) over a picture of the page is what a scanner's OCR left there. It is read anew only where
it is no language at all; what does better then, by the engine's confidence, is kept.
"""

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from PIL.Image import Image

# Fewer characters than this, over a picture of the whole page, may be a page number on a scan.
_FEW = 20
_WHOLE_PAGE = 0.6
_LEAST_WORDS = 20
_MOST_WORDS, _MOST_CHARACTERS = 200, 2000
_LANGUAGE_SHARE = 0.6
# PDF's rendering mode of text that is not drawn.
HIDDEN = 3
_DEPTH = 4
# Ink differs from paper by this much of 255.
_INK = 40
_JAPANESE = re.compile("[\u3041-\u309f\u30a1-\u30ff\u3005\u4e00-\u9fff]")
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30ff]")
_LATIN = re.compile(r"[(\"'“‘]*(?:[A-Za-z][a-z]+|[A-Z]{2,}|[aAI]|\d[\d.,:/-]*)(?:['’-][A-Za-z]+)*[).,;:!?\"'”’]*")
_VOWEL = re.compile("[aeiouyAEIOUY]")


def is_short(text: str) -> bool:
    """Whether the text could be no more than a page number or a stamp."""
    return len("".join(text.split())) < _FEW


def is_no_language(text: str) -> bool:
    """Whether a text of some length is neither Japanese nor made of words: what OCR in a wrong language gives."""
    shown = "".join(text[:_MOST_CHARACTERS].split())
    japanese = len(_JAPANESE.findall(shown))
    if japanese * 2 > len(shown):
        return not _KANA.search(shown)
    words = text.split()[:_MOST_WORDS]
    sound = sum(_is_word(word) for word in words)
    return len(words) >= _LEAST_WORDS and sound < _LANGUAGE_SHARE * len(words)


def is_hidden(page: Any) -> bool:
    """Whether none of the text of an opened pypdfium2 page is drawn."""
    import pypdfium2.raw as pdfium_c

    texts = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=_DEPTH)
    return {pdfium_c.FPDFTextObj_GetTextRenderMode(text.raw) for text in texts} == {HIDDEN}


def is_picture(page: Any) -> bool:
    """Whether a picture covers most of an opened pypdfium2 page."""
    import pypdfium2.raw as pdfium_c

    width, height = page.get_size()
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)
    return any(_area(picture.get_bounds()) > _WHOLE_PAGE * width * height for picture in pictures)


def has_ink(picture: "Image") -> bool:
    """Whether anything is drawn."""
    darkest, lightest = cast("tuple[int, int]", picture.convert("L").getextrema())
    return lightest - darkest > _INK


def _area(bounds: tuple[float, float, float, float]) -> float:
    left, bottom, right, top = bounds
    return max(0.0, right - left) * max(0.0, top - bottom)


def _is_word(word: str) -> bool:
    if not _LATIN.fullmatch(word):
        return False
    return bool(_VOWEL.search(word)) or word[0].isdigit() or word.strip("().,;:").isupper()
