"""Text whose every visible character belongs to a word with a box, put together and cut like strings."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingestion.parsing import Word
from ingestion.parsing.pdf_lines import LEADER, SOFT_HYPHEN, Piece

_MARK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Worded:
    """A text and its words, in text order. `unseen`: what else the file says there, but the page does not show."""

    text: str
    words: tuple[Word, ...]
    unseen: str = ""

    def part(self, start: int, end: int) -> "Worded":
        """Characters [start, end); words are taken whole, so cut between words."""
        kept = (word for word in self.words if word.start >= start and word.end <= end)
        return Worded(self.text[start:end], tuple(_moved(word, -start) for word in kept))


def compose(raw: str, pieces: Sequence[Piece], gaps: Sequence[str]) -> Worded:
    """Pieces of PDFium's text, each followed by its gap."""
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    for piece, following, gap in zip(pieces, [*pieces[1:], None][: len(pieces)], gaps, strict=True):
        shown = raw[piece.start : piece.end]
        if not shown.isalnum():
            shown = _shown(shown, raw, following)
        x0, y0, x1, y1 = piece.box
        end = length + len(shown)
        words.append(Word(length, end, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)))
        parts += (shown, gap)
        length = end + len(gap)
    return Worded("".join(parts), tuple(words))


def _shown(text: str, raw: str, following: Piece | None) -> str:
    """The piece's text. A hyphen at a line end goes where it only broke a word, and stays in `P-` + `101`."""
    if LEADER.fullmatch(text):
        return "…"
    if len(text) == 1 or not SOFT_HYPHEN.search(text):
        return text
    broke_a_word = following is not None and text[-2].islower() and raw[following.start].islower()
    return text[:-1] if broke_a_word else text[:-1] + "-"


def joined(parts: Iterable[Worded | str]) -> Worded:
    """The parts one after another. Marks that stand in a plain string take no room, at the end of the word before."""
    texts: list[str] = []
    words: list[Word] = []
    length = 0
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            words += _marks(part, length, words[-1:])
        else:
            texts.append(part.text)
            words += [_moved(word, length) for word in part.words] if length else part.words
        length += len(texts[-1])
    return Worded("".join(texts), tuple(words))


def _marks(text: str, offset: int, last: list[Word]) -> list[Word]:
    return [
        Word(offset + match.start(), offset + match.end(), word.x1, word.y0, word.x1, word.y1)
        for word in last
        for match in _MARK.finditer(text)
    ]


def _moved(word: Word, by: int) -> Word:
    return Word(word.start + by, word.end + by, word.x0, word.y0, word.x1, word.y1)
