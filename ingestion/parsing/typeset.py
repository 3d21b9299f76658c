"""Widths of characters and where lines break. Japanese lines break between characters, never before a closing mark."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingestion.parsing import UnreadableFile
from ingestion.parsing.words import CJK

# Units in which widths are measured once, whatever the size they are used at.
_EM = 1000
_CLOSING = "、。，．・：；？！）］｝〕〉》」』】ーっゃゅょァィゥェォッャュョ々％"
_OPENING = "（［｛〔〈《「『【"
_TOKEN = re.compile(f"\\n|[ \\t\u3000]+|[{_OPENING}]*[{CJK}][{_CLOSING}]*|[^\\s{CJK}]+[{_CLOSING}]*|\\s")


class Metrics:
    """A font's advances, in ems; and its faces for drawing."""

    def __init__(self, font: Path) -> None:
        """Open the font. Raises UnreadableFile (font_missing)."""
        from PIL import ImageFont

        try:
            self._measure = ImageFont.truetype(str(font), _EM, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            if font.is_file():  # FreeType gives no other reason where memory ends
                raise MemoryError from None
            raise UnreadableFile("font_missing", {"path": str(font)}) from None
        self._font = font
        self._advances: dict[str, float] = {}

    def width(self, text: str, size: float) -> float:
        """The width of the text in points, at a size in points."""
        advances = self._advances
        total = 0.0
        for char in text:
            if char not in advances:
                advances[char] = self._measure.getlength(char) / _EM
            total += advances[char]
        return total * size

    def face(self, pixels: float) -> Any:
        """The font for drawing, `pixels` per em."""
        from PIL import ImageFont

        return ImageFont.truetype(str(self._font), max(pixels, 1.0), layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4)
def metrics_of(font: Path) -> Metrics:
    """The metrics of a font file, read once. Raises UnreadableFile (font_missing)."""
    return Metrics(font)


def break_lines(text: str, room: float, size: float, metrics: Metrics) -> list[tuple[int, int]]:
    """[start, end) of each line of the text in a column `room` points wide. Blanks at a line's end hang."""
    lines: list[tuple[int, int]] = []
    start, end, used = 0, 0, 0.0
    for match in _TOKEN.finditer(text):
        width = metrics.width(match[0], size)
        if match[0] == "\n":
            lines.append((start, end))
            start, end, used = match.end(), match.end(), 0.0
        elif match[0].isspace():
            used += width
        elif used + width > room and end > start:
            lines.append((start, end))
            start, end, used = match.start(), match.end(), width
        else:
            end, used = match.end(), used + width
        if used > room and end - start == len(match[0]):
            *cut, (start, _) = _chop(text, (start, end), room, size, metrics)
            lines += cut
            used = metrics.width(text[start:end], size)
    lines.append((start, end))
    return [(begin, stop) for begin, stop in lines if stop > begin]


def _chop(text: str, word: tuple[int, int], room: float, size: float, metrics: Metrics) -> list[tuple[int, int]]:
    """Cut a word longer than the column (a URL, a key) wherever the column ends."""
    start, end = word
    parts: list[tuple[int, int]] = []
    used = 0.0
    for index in range(start, end):
        width = metrics.width(text[index], size)
        if used + width > room and index > start:
            parts.append((start, index))
            start, used = index, 0.0
        used += width
    return [*parts, (start, end)]
