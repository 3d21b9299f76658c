"""Stretches of texts, and how well what was found covers what was needed. Pure.

Counted in visible characters: setting a text on pages changes its blanks and line ends and nothing else.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Span:
    """The visible characters [start, end) of the text of that name."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Covered:
    """Of what was needed the share found, of what was found the share needed, and both: common over either."""

    recall: float
    precision: float
    iou: float
    length: int
    """How many characters were found."""


class Ruler:
    """Measures a text that is cut into pages (or one): page and character there → visible character of the whole."""

    def __init__(self, name: str, pages: Sequence[str]) -> None:
        """The pages in order, from number 1 on."""
        self._name = name
        self._visible = [[at for at, char in enumerate(page) if not char.isspace()] for page in pages]
        self._before = [0, *accumulate(map(len, self._visible))]

    def span(self, start: int, end: int, *, page: int = 1) -> Span:
        """[start, end) of that page's characters."""
        before, visible = self._before[page - 1], self._visible[page - 1]
        return Span(self._name, before + bisect_left(visible, start), before + bisect_left(visible, end))


def visible(pages: Iterable[str]) -> str:
    """The text without its blanks: what two settings of it have in common."""
    return "".join("".join(page.split()) for page in pages)


def covered(found: Iterable[Span], needed: Iterable[Span]) -> Covered:
    """Recall, precision and intersection over union (Smith and Troynikov 2024), each character counted once.

    Nothing found scores 0. Raises ValueError where nothing is needed.
    """
    mine, theirs = _characters(found), _characters(needed)
    wanted, length = _size(theirs), _size(mine)
    if not wanted:
        raise ValueError("A question that needs nothing has no score.")
    common = sum(len(mine[text] & theirs[text]) for text in theirs if text in mine)
    return Covered(
        recall=common / wanted,
        precision=common / length if length else 0.0,
        iou=common / (wanted + length - common),
        length=length,
    )


def touching(chunks: Iterable[Span], needed: Sequence[Span]) -> int:
    """How many of the chunks hold a part of what is needed."""
    return sum(any(_meet(chunk, one) for one in needed) for chunk in chunks)


def mean(scores: Sequence[Covered]) -> Covered:
    """The mean over questions. Raises ValueError of nothing."""
    if not scores:
        raise ValueError("There is no mean of nothing.")
    number = len(scores)
    return Covered(
        recall=sum(one.recall for one in scores) / number,
        precision=sum(one.precision for one in scores) / number,
        iou=sum(one.iou for one in scores) / number,
        length=round(sum(one.length for one in scores) / number),
    )


def _characters(spans: Iterable[Span]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for span in spans:
        found[span.text].update(range(span.start, span.end))
    return found


def _size(characters: dict[str, set[int]]) -> int:
    return sum(map(len, characters.values()))


def _meet(one: Span, other: Span) -> bool:
    return one.text == other.text and max(one.start, other.start) < min(one.end, other.end)
