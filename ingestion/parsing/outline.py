"""Headings of a PDF page: its outline's entries found in the text, or, without an outline, the lines set larger."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingestion.parsing import Heading, Word
from ingestion.parsing.worded import Worded

_MAX_LEVEL = 6
_LARGER = 1.2
# A heading of this level is at least so many times as high as the body text; smaller ones are level 3.
_LEVELS = ((1, 1.8), (2, 1.4))
_MAX_HEADING_LENGTH = 90
_MAX_HEADINGS_BY_SIZE = 12
_NUMBERING = re.compile(
    r"^(第\s*[0-9一-十]+\s*[章節部]|chapter\s+\w+|appendix\s+\w+|[0-9]+([.-][0-9]+)*\.?)\s*", re.IGNORECASE
)
# What a heading's line may begin with that the outline's title leaves out.
_NUMBER_BEFORE = re.compile(
    r"[ \t]*((第\s*[0-9一-十]+\s*[章節部]|[A-Z]|[A-Z]?[.-]?[0-9]+([.-][0-9]+)*"
    r"|([Cc]hapter|[Aa]ppendix|CHAPTER|APPENDIX) \w+)[.:]?[ \t]*)?"
)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One entry of the outline: where it points (1-based page), how deep it stands (1 is outermost)."""

    page: int
    level: int
    title: str


def headings_by_outline(marks: list[Bookmark], found: Worded) -> tuple[Heading, ...]:
    """The page's bookmarks, placed where their title stands in the text, else where the one before ended."""
    if not marks:
        return ()
    squeezed, places = _squeeze(found.text)
    headings: list[Heading] = []
    after = 0
    for mark in marks:
        start, after = _find(mark.title, found.text, squeezed, places, after)
        start -= _length_of_number_before(found.text, start)
        headings.append(Heading(start, min(mark.level, _MAX_LEVEL), mark.title))
    return tuple(sorted(headings, key=lambda heading: heading.start))


def _find(title: str, text: str, squeezed: str, places: list[int], after: int) -> tuple[int, int]:
    """(place in the page's text, where to look for the next title in the squeezed text)."""
    for wanted in (_squeeze(title)[0], _squeeze(_NUMBERING.sub("", title))[0]):
        found = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", squeezed[after:])] if wanted else []
        if found:
            # Running text often says the same words before the heading does: it begins a line.
            at = after + next((one for one in found if _begins_line(text, places[after + one])), found[0])
            return places[at], at + len(wanted)
    return (places[after] if 0 < after < len(places) else 0), after


def _begins_line(text: str, place: int) -> bool:
    return text[: place - _length_of_number_before(text, place)][-1:] in {"", "\n"}


def _length_of_number_before(text: str, place: int) -> int:
    line = text.rfind("\n", 0, place) + 1
    return place - line if _NUMBER_BEFORE.fullmatch(text, line, place) else 0


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Text as titles are compared (NFKC, lower case, letters and digits only) and where each character came from."""
    kept: list[str] = []
    places: list[int] = []
    folds = _FOLDS
    for index, char in enumerate(text):
        folded = folds[char]
        if folded:
            kept.append(folded)
            places += [index] * len(folded)
    return "".join(kept), places


class _Folds(dict[str, str]):
    """Each character as titles are compared, worked out once: a dictionary, because every character of a page asks."""

    def __missing__(self, char: str) -> str:
        folded = "".join(one for one in unicodedata.normalize("NFKC", char).lower() if one.isalnum())
        self[char] = folded
        return folded


_FOLDS = _Folds()


def usual_height(pages: Iterable[Iterable[Word]]) -> float:
    """The height of most characters, in points: the body text's. 0 where there is no text."""
    heights: Counter[float] = Counter()
    for words in pages:
        for word in words:
            heights[_height(word)] += word.end - word.start
    return heights.most_common(1)[0][0] if heights else 0.0


def headings_by_size(found: Worded, body: float) -> tuple[Heading, ...]:
    """Short lines set clearly larger than the body text; the larger, the further out (levels 1 to 3)."""
    if not body:
        return ()
    larger = [(start, text, size) for start, text, size in _lines(found) if _is_heading(text, size, body)]
    if len(larger) > _MAX_HEADINGS_BY_SIZE:
        return ()
    return tuple(Heading(start, _level(size / body), text) for start, text, size in larger)


def _lines(found: Worded) -> Iterator[tuple[int, str, float]]:
    """(start, text, height of its first word) of every line."""
    starts = [0, *(match.end() for match in re.finditer("\n", found.text))]
    words = iter(found.words)
    word = next(words, None)
    for start in starts:
        while word is not None and word.start < start:
            word = next(words, None)
        if word is None:
            return
        yield word.start, found.text[start:].split("\n", 1)[0].strip(), _height(word)


def _is_heading(text: str, size: float, body: float) -> bool:
    return size >= _LARGER * body and 1 < len(text) <= _MAX_HEADING_LENGTH and any(char.isalpha() for char in text)


def _level(ratio: float) -> int:
    return next((level for level, least in _LEVELS if ratio >= least), 3)


def _height(word: Word) -> float:
    return round((word.y1 - word.y0) * 2) / 2
