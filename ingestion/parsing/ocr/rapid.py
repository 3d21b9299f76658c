"""rapidocr (PP-OCR by onnxruntime): its models are in its wheel, it finds lines by itself but knows no columns."""

import logging
from collections.abc import Iterator
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from ingestion.parsing.ocr import Box, OcrLine, OcrWord
from ingestion.parsing.ocr.order import in_reading_order
from ingestion.parsing.pdf_lines import around

if TYPE_CHECKING:
    from PIL.Image import Image

# One thread, so that a worker takes one core; the line-angle classifier lowers accuracy (docs/decisions/0008-ocr.md).
_PARAMETERS = {
    "Global.use_cls": False,
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_TALL = 1.5


class Rapid:
    """Reads Japanese, English and Chinese, horizontal and vertical, whatever OCR_LANGUAGES says."""

    name = "rapidocr"

    def read(self, picture: "Image") -> list[OcrLine]:
        """The lines in reading order."""
        import numpy as np

        found = self._engine(np.asarray(picture.convert("RGB"))[:, :, ::-1], use_cls=False, return_word_box=True)
        lines = [_line(text, words) for text, words in zip(found.txts or (), found.word_results or (), strict=False)]
        return in_reading_order([line for line in lines if line.words])

    def read_vertical(self, picture: "Image") -> list[OcrLine]:  # noqa: ARG002 - see the next line
        """Nothing: `read` finds columns of vertical text itself."""
        return []

    def turns(self, picture: "Image") -> tuple[int, ...]:  # noqa: ARG002 - see the next line
        """All, for it cannot tell."""
        return (90, 180, 270)

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        logging.disable(logging.CRITICAL)
        return RapidOCR(params=_PARAMETERS)


def _line(text: str, parts: Any) -> OcrLine:
    words = tuple(_words(text, [OcrWord("".join(part.split()), _box(box), float(score)) for part, score, box in parts]))
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


def _box(corners: Any) -> Box:
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    return min(across), min(down), max(across), max(down)


def _is_vertical(words: tuple[OcrWord, ...]) -> bool:
    if sum(len(word.text) for word in words) < 2:  # noqa: PLR2004 - one character has no direction
        return False
    width = max(word.box[2] for word in words) - min(word.box[0] for word in words)
    height = max(word.box[3] for word in words) - min(word.box[1] for word in words)
    return height > _TALL * width
