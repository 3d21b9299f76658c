"""Reads a streamed answer: citation marks come out of the text, and the text comes out in whole sentences. Pure.

A mark is [1], [1, 2], [1-3], ［１］ or 【1】, however the stream cuts it. Inside code (`a[1]`) there are no marks.
What looks like a mark but names nothing ([], [1 at the end) is dropped; [A-1] and [mm] are text. No text that comes out
of here looks like a mark, outside of code: taking [1] out of [[1]2] leaves no [2], for that is a mark too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.text import sentence_spans

_OPEN = {"[": "]", "［": "］", "【": "】", "〔": "〕"}
_CLOSE = frozenset(_OPEN.values())
_DASHES = "\\-‐‑‒–—―−－~〜～"
# What a reader does not see (a zero-width space, a joiner) hides no mark.
_UNSEEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
_INSIDE = rf"[\s\d,、，;；.．^{_DASHES}{_UNSEEN}]"
_MARK = re.compile(rf"[{''.join(map(re.escape, _OPEN))}]({_INSIDE}*)[{''.join(map(re.escape, _CLOSE))}]")
_LONGEST_MARK = 200
_WIDEST_RANGE = 20
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*(?:`|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Draft:
    """One finished sentence as the model wrote it: what stands before it (blanks), its text, the numbers it cites."""

    gap: str
    text: str
    numbers: tuple[int, ...]


def disarmed(text: str) -> str:
    """The text with every mark in round brackets: what a document writes must not pass for a mark of ours."""
    return _MARK.sub(r"(\1)", text)


@dataclass(slots=True)
class MarkParser:
    """Splits a stream into text and marks. `feed` and `close` give str (text) or tuple (numbers), in order."""

    _held: str = ""
    _ticks: int = 0
    _code: int = 0

    def feed(self, piece: str) -> Iterator[str | tuple[int, ...]]:
        """What is certain after this piece."""
        text = ""
        for character in piece:
            for part in self._take(character):
                if isinstance(part, str):
                    text += part
                else:
                    if text:
                        yield text
                    yield part
                    text = ""
        if text:
            yield text

    def close(self) -> Iterator[str | tuple[int, ...]]:
        """What was held back when the stream ended. A mark cut off is dropped."""
        if self._held and not re.search(r"\d|^.\s*$", self._held):
            yield self._held
        self._held = ""

    def _take(self, character: str) -> Iterator[str | tuple[int, ...]]:
        if self._held:
            yield from self._continue(character)
        elif character in _OPEN and not self._in_code(character):
            self._held = character
        else:
            self._in_code(character)
            yield character

    def _continue(self, character: str) -> Iterator[str | tuple[int, ...]]:
        if character in _CLOSE:
            opened = max(map(self._held.rfind, _OPEN))
            yield _numbers(self._held[opened + 1 :])
            # The blank keeps [1[2]3] from becoming [13].
            self._held = f"{self._held[:opened]} " if opened else ""
        elif self._may_continue(character):
            self._held += character
        else:
            held, self._held = self._held, ""
            yield held
            yield from self._take(character)

    def _may_continue(self, character: str) -> bool:
        inside = character in _OPEN or re.match(_INSIDE, character)
        return bool(inside) and character != "\n" and len(self._held) < _LONGEST_MARK

    def _in_code(self, character: str) -> bool:
        """Whether this character stands in code. Runs of backticks open and close; a newline ends `inline` code."""
        if character == "`":
            self._ticks += 1
            return True
        if self._ticks:
            self._code = 0 if self._ticks == self._code else (self._code or self._ticks)
            self._ticks = 0
        if character == "\n" and self._code < 3:  # noqa: PLR2004 - a fence has three
            self._code = 0
        return self._code > 0


def unmarked(text: str) -> str:
    """The text without its marks."""
    parser = MarkParser()
    return "".join(part for part in (*parser.feed(text), *parser.close()) if isinstance(part, str))


def _numbers(inside: str) -> tuple[int, ...]:
    """The numbers a mark names, in order, each once. Ranges are written out where they are short."""
    plain = re.sub(f"[{_UNSEEN}]", "", unicodedata.normalize("NFKC", inside))
    found: list[int] = []
    for part in re.split(r"[,、;^.\s]+", re.sub(rf"\s*([{_DASHES}])\s*", r"\1", plain)):
        ends = [int(end) for end in re.findall("[0-9]+", part)]
        if len(ends) == 2 and 0 < ends[1] - ends[0] <= _WIDEST_RANGE:  # noqa: PLR2004 - first and last
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return tuple(dict.fromkeys(found))


@dataclass(slots=True)
class SentenceSplitter:
    """Collects text and marks into sentences, by the same rule that numbers the evidence."""

    _text: str = ""
    _marks: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def add(self, part: str | tuple[int, ...]) -> Iterator[Draft]:
        """The sentences that are certainly finished: another has begun after them."""
        if isinstance(part, tuple):
            # The blank before a mark goes with it: "5 bar [1]." reads "5 bar."
            self._text = self._text.rstrip(" \u3000") if self._text.strip() else self._text
            self._marks.append((len(self._text), part))
            return
        self._text += part
        spans = _spans(self._text)
        while len(spans) > 1 and not self._text.endswith("`"):
            yield self._cut(spans[0][0], spans[0][1], spans[1][0])
            spans = _spans(self._text)

    def close(self) -> Iterator[Draft]:
        """The rest as sentences."""
        spans = _spans(self._text)
        while spans:
            yield self._cut(spans[0][0], spans[0][1], spans[1][0] if len(spans) > 1 else len(self._text))
            spans = _spans(self._text)

    def _cut(self, start: int, end: int, following: int) -> Draft:
        """The first sentence [start, end); `following` is where the next begins."""
        last = following == len(self._text)
        mine = [numbers for at, numbers in self._marks if last or self._belongs(at, end, following)]
        draft = Draft(self._text[:start], self._text[start:end], tuple(dict.fromkeys(n for m in mine for n in m)))
        self._marks = [(max(0, at - end), numbers) for at, numbers in self._marks[len(mine) :]]
        self._text = self._text[end:]
        return draft

    def _belongs(self, at: int, end: int, following: int) -> bool:
        """A mark proves the sentence before it, unless it opens the next line."""
        return (at < following and "\n" in self._text[at:following]) or "\n" not in self._text[end:at]


def _spans(text: str) -> list[tuple[int, int]]:
    """Sentence spans. Every line of an answer ends a sentence; code is kept whole."""
    plain = _CODE.sub(lambda found: "x" * len(found.group()), text)
    lines = [found.span() for found in re.finditer(r"[^\n]+", plain)]
    return [(start + a, start + b) for start, end in lines for a, b in sentence_spans(plain[start:end])]
