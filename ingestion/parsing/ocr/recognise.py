"""One picture of a page: straightened, read, and read another way where that made no sense."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestion.parsing import Word
from ingestion.parsing.ocr import OcrEngine, OcrLine
from ingestion.parsing.ocr.layout import compose_lines, confidence_of, without_noise
from ingestion.parsing.ocr.order import box_of
from ingestion.parsing.ocr.straight import Turned, skew_of, turned

if TYPE_CHECKING:
    from PIL.Image import Image

# Good print is read with .9 and more; on its side, upside down, or vertical taken for horizontal, with .25.
_MAKES_SENSE = 0.6
# Below this the characters are made up: a photograph, handwriting.
LEGIBLE = 0.4
# A reading counts against a better-looking one only where it has this share of its characters.
_SHARE = 0.3
_TALL = 2.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """Text, its words (pixels of the picture), and the engine's confidence from 0 to 1. No text: nothing legible."""

    text: str
    words: tuple[Word, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """The lines of one attempt on the picture as it was turned for it."""

    lines: list[OcrLine]
    on: Turned

    @property
    def sense(self) -> float:
        return 0.0 if _lies_on_its_side(self.lines) else confidence_of(self.lines)

    @property
    def length(self) -> int:
        return sum(len(word.text) for line in self.lines for word in line.words)


def recognise(picture: "Image", engine: OcrEngine) -> Recognised:
    """Read a greyscale picture at 300 dpi."""
    skew = skew_of(picture)
    reading = _read(engine, turned(picture, skew))
    if reading.sense < _MAKES_SENSE:
        reading = _best([reading, *_otherwise(engine, picture, reading.on)])
    confidence = confidence_of(reading.lines)
    if confidence < LEGIBLE:
        return Recognised("", (), confidence)
    found = compose_lines(reading.lines)
    return Recognised(found.text, tuple(_back(word, reading.on) for word in found.words), confidence)


def _read(engine: OcrEngine, on: Turned) -> _Reading:
    return _Reading(without_noise(engine.read(on.picture)), on)


def _otherwise(engine: OcrEngine, picture: "Image", level: Turned) -> list[_Reading]:
    """Turned readings until one makes sense, then vertical text."""
    found: list[_Reading] = []
    for turn in engine.turns(level.picture):
        found.append(_read(engine, turned(picture, level.degrees + turn)))
        if found[-1].sense >= _MAKES_SENSE:
            return found
    return [*found, _Reading(without_noise(engine.read_vertical(level.picture)), level)]


def _best(readings: list[_Reading]) -> _Reading:
    longest = max(reading.length for reading in readings)
    return max(readings, key=lambda reading: reading.sense if reading.length >= _SHARE * longest else -1.0)


def _lies_on_its_side(lines: list[OcrLine]) -> bool:
    """Whether most of the characters stand in lines taken for horizontal that are far taller than wide."""
    tall = total = 0
    for line in lines:
        length = sum(len(word.text) for word in line.words)
        x0, y0, x1, y1 = box_of(line)
        total += length
        tall += length if not line.vertical and length > 1 and y1 - y0 > _TALL * (x1 - x0) else 0
    return tall * 2 > total


def _back(word: Word, on: Turned) -> Word:
    x0, y0, x1, y1 = on.back((word.x0, word.y0, word.x1, word.y1))
    return replace(word, x0=x0, y0=y0, x1=x1, y1=y1)
