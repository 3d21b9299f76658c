"""Recognised lines become a page's text with a box per word, by the same rules as a PDF's text layer."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.parsing.ocr import Box, OcrLine, OcrWord
from ingestion.parsing.ocr.order import box_of
from ingestion.parsing.pdf_lines import separators, without_leaders
from ingestion.parsing.pdf_text import pieces_of
from ingestion.parsing.worded import Worded, compose
from ingestion.parsing.words import is_cjk

# In heights of the line: engines part words between scripts where the print has no blank.
_BLANK, _BLANK_IN_CJK = 0.4, 0.8
_NOISE_BELOW = 0.5
_BROKEN_WORD = re.compile(r"(?<=[a-z])-$")
_SOFT_HYPHEN = "\u00ad"


def without_noise(lines: Sequence[OcrLine]) -> list[OcrLine]:
    """The lines without specks and rules: unsure words that hold neither a letter nor a digit."""
    kept = (replace(line, words=tuple(word for word in line.words if not _is_noise(word))) for line in lines)
    return [line for line in kept if line.words]


def confidence_of(lines: Sequence[OcrLine]) -> float:
    """How sure the engine is of the page: the mean over its characters, 0 where there is none."""
    weighed = [(len(word.text), word.confidence) for line in lines for word in line.words]
    characters = sum(count for count, _ in weighed)
    return sum(count * confidence for count, confidence in weighed) / characters if characters else 0.0


def compose_lines(lines: Sequence[OcrLine]) -> Worded:
    """Readable text and its words: lines of one paragraph are joined, CJK characters stand without blanks."""
    parts: list[str] = []
    boxes: list[Box] = []
    for line in lines:
        for text, some in _characters(line):
            parts.append(text)
            boxes += some
        parts.append("\n")
        boxes.append(boxes[-1])
    raw = "".join(parts)
    pieces = without_leaders(raw, list(pieces_of(raw, boxes.__getitem__)))
    return compose(raw, pieces, separators(raw, pieces))


def _is_noise(word: OcrWord) -> bool:
    return word.confidence < _NOISE_BELOW and not any(char.isalnum() for char in word.text)


def _characters(line: OcrLine) -> list[tuple[str, list[Box]]]:
    """The line's texts, each with a box per character; all boxes are as high (of a column: as wide) as the line."""
    around = box_of(line)
    found: list[tuple[str, list[Box]]] = []
    for word, following in pairwise([*line.words, None]):
        assert word is not None
        text = word.text if following else _BROKEN_WORD.sub(_SOFT_HYPHEN, word.text)
        boxes = _split(word, len(text), around, vertical=line.vertical)
        if following and _apart(word, following, around, vertical=line.vertical):
            text, boxes = f"{text} ", [*boxes, boxes[-1]]
        found.append((text, boxes))
    return found


def _split(word: OcrWord, count: int, around: Box, *, vertical: bool) -> list[Box]:
    x0, y0, x1, y1 = word.box
    if vertical:
        step = (y1 - y0) / count
        return [(around[0], y0 + step * index, around[2], y0 + step * (index + 1)) for index in range(count)]
    step = (x1 - x0) / count
    return [(x0 + step * index, around[1], x0 + step * (index + 1), around[3]) for index in range(count)]


def _apart(word: OcrWord, following: OcrWord, around: Box, *, vertical: bool) -> bool:
    """Whether a blank stands between two words of a line: always between Latin ones."""
    beside = [is_cjk(word.text[-1]), is_cjk(following.text[0])]
    if not any(beside):
        return True
    height = around[2] - around[0] if vertical else around[3] - around[1]
    gap = following.box[1] - word.box[3] if vertical else following.box[0] - word.box[2]
    return gap > (_BLANK_IN_CJK if all(beside) else _BLANK) * height
