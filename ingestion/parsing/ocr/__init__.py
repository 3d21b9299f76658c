"""Pages that are pictures become text. `OcrEngine` is the seam: all engines pass tests/contracts/test_ocr_engine.py.

Runs in the reading process only (`child.py`), within its limits. Boxes are pixels of the picture, from its top left.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[float, float, float, float]
DOTS_PER_INCH = 300


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """`engine`: `auto`, `tesseract`, `rapidocr` or `off`; `languages`: Tesseract's names, as in `jpn+eng`."""

    engine: str = "auto"
    languages: str = "jpn+eng"


@dataclass(frozen=True, slots=True)
class OcrWord:
    """Characters without blanks, the box around them, and how sure the engine is, from 0 to 1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class OcrLine:
    """The words of one printed line in reading order; `vertical` where they run from top to bottom."""

    words: tuple[OcrWord, ...]
    vertical: bool = False


class OcrEngine(Protocol):
    """Reads pictures of pages. Remembers nothing between two pictures."""

    name: str

    def read(self, picture: "Image") -> list[OcrLine]:
        """The lines of an upright greyscale picture at 300 dpi, in reading order."""

    def read_vertical(self, picture: "Image") -> list[OcrLine]:
        """The same of a page in vertical Japanese; nothing where the engine has no way of its own for it."""

    def turns(self, picture: "Image") -> tuple[int, ...]:
        """By how many degrees clockwise (90, 180, 270) it may have to be turned to stand upright, likeliest first."""
