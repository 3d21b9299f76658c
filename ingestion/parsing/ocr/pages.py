"""A reader around a reader: pages that are only pictures of text come with the text that OCR finds on them."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from ingestion.parsing import ParsedPage, Reader, Word
from ingestion.parsing.ocr import DOTS_PER_INCH, OcrEngine
from ingestion.parsing.ocr.recognise import Recognised, recognise

if TYPE_CHECKING:
    from PIL.Image import Image

_POINTS_PER_INCH = 72
_SCALE = DOTS_PER_INCH / _POINTS_PER_INCH
# The codes of pages that have no text, or none that can be used.
_GARBLED = "page_garbled"
_WITHOUT_TEXT = {"page_needs_ocr", _GARBLED}
# What replaces a doubtful text layer is clearly read, and where the layer is only short, clearly more.
_SURE = 0.7
_FAR_MORE = 2.0


class PictureReader(Reader, Protocol):
    """A reader that can draw its pages for OCR."""

    def picture(self, number: int, *, scale: float) -> "Image":
        """The page, `scale` pixels per point at most. Raises UnreadableFile."""


class OcrReader:
    """Answers as its reader does, except for pages without usable text."""

    def __init__(self, reader: PictureReader, find_engine: Callable[[], OcrEngine | None]) -> None:
        """The engine is looked for when the first page needs one; where there is none, pages stay as they are."""
        self._reader, self._find_engine = reader, find_engine
        self.page_count, self.title, self.layout = reader.page_count, reader.title, reader.layout

    def page(self, number: int) -> ParsedPage:
        """Read one page; `ocr` says whether its text is recognised, `confidence` how surely."""
        page = self._reader.page(number)
        if (page.reason not in _WITHOUT_TEXT and not page.doubtful) or self._engine is None:
            return page
        picture = self._reader.picture(number, scale=_SCALE).convert("L")
        found = recognise(picture, self._engine)
        if (page.text and not _is_better(found, page)) or (page.reason == _GARBLED and not found.text):
            return page
        return _with(page, found, page.width / picture.width, page.height / picture.height)

    @cached_property
    def _engine(self) -> OcrEngine | None:
        return self._find_engine()

    def render(self, number: int, *, scale: float) -> bytes:
        """The page as PNG, `scale` pixels per point."""
        return self._reader.render(number, scale=scale)

    def close(self) -> None:
        """Release the file."""
        self._reader.close()


def _is_better(found: Recognised, page: ParsedPage) -> bool:
    return found.confidence >= _SURE and (
        page.hidden_text or len("".join(found.text.split())) > _FAR_MORE * len("".join(page.text.split()))
    )


def _with(page: ParsedPage, found: Recognised, across: float, down: float) -> ParsedPage:
    """The page with this text; `across` and `down` are points per pixel."""
    words = tuple(
        Word(word.start, word.end, word.x0 * across, word.y0 * down, word.x1 * across, word.y1 * down)
        for word in found.words
    )
    return ParsedPage(
        page.number,
        found.text,
        page.width,
        page.height,
        words,
        page.headings,
        page.label,
        ocr=True,
        confidence=found.confidence or None,
        unseen=page.unseen,
    )
