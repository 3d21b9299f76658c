"""rapidocr (PP-OCR by onnxruntime): its models are in its wheel, it finds lines by itself but knows no columns."""

import logging
from collections.abc import Iterator
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from ingestion.parsing.ocr import Box, OcrEngine, OcrLine, OcrWord
from ingestion.parsing.ocr.order import in_reading_order
from ingestion.parsing.pdf_lines import around

if TYPE_CHECKING:
    from PIL.Image import Image

# One thread, so that a worker takes one core; the line-angle classifier lowers accuracy (docs/decisions/0010-ocr.md).
_PARAMETERS = {
    "Global.use_cls": False,
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_TALL = 1.5
# Its scores crowd near 1 (good print .99, unreadable .85): spread, a number means what it means of Tesseract's.
_SPREAD = 4.0


class Rapid:
    """Reads Japanese, English and Chinese, whatever OCR_LANGUAGES says.

    `helper`, where there is one, tells which side of a page is up and reads vertical text, which it does better.
    """

    name = "rapidocr"

    def __init__(self, helper: OcrEngine | None = None) -> None:
        """The models are loaded with the first picture."""
        self._helper = helper

    def read(self, picture: "Image") -> list[OcrLine]:
        """The lines in reading order."""
        import numpy as np

        found = self._engine(np.asarray(picture.convert("RGB"))[:, :, ::-1], use_cls=False, return_word_box=True)
        named = zip(found.txts or (), found.word_results or (), strict=False)
        lines = [line for text, parts in named if (line := _line(text, parts)).words]
        if lines and sum(line.vertical for line in lines) * 2 > len(lines):
            return self.read_vertical(picture) or in_reading_order(lines)
        return in_reading_order(lines)

    def read_vertical(self, picture: "Image") -> list[OcrLine]:
        """What the helper reads."""
        return self._helper.read_vertical(picture) if self._helper else []

    def turns(self, picture: "Image") -> tuple[int, ...]:
        """What the helper says; without one, all."""
        return self._helper.turns(picture) if self._helper else (90, 180, 270)

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        logging.disable(logging.CRITICAL)
        return RapidOCR(params=_PARAMETERS)


def _line(text: str, parts: Any) -> OcrLine:
    words = tuple(
        _words(text, [OcrWord("".join(part.split()), _box(box), _confidence(score)) for part, score, box in parts])
    )
    return OcrLine(words, vertical=_is_vertical(words))


def _words(text: str, parts: list[OcrWord]) -> Iterator[OcrWord]:
    """The parts put together to the words of the line: where it holds Japanese, each part is one letter."""
    waiting = [part for part in parts if part.text]
    for word in text.split():
        some: list[OcrWord] = []
        while waiting and sum(len(part.text) for part in some) < len(word):
            some.append(waiting.pop(0))
        if some:
            score = sum(len(part.text) * part.confidence for part in some) / sum(len(part.text) for part in some)
            yield OcrWord("".join(part.text for part in some), reduce(around, (part.box for part in some)), score)


def _confidence(score: Any) -> float:
    return max(0.0, 1 - _SPREAD * (1 - float(score)))


def _box(corners: Any) -> Box:
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _is_vertical(words: tuple[OcrWord, ...]) -> bool:
    if sum(len(word.text) for word in words) < 2:  # noqa: PLR2004 - one character has no direction
        return False
    width = max(word.box[2] for word in words) - min(word.box[0] for word in words)
    height = max(word.box[3] for word in words) - min(word.box[1] for word in words)
    return height > _TALL * width
