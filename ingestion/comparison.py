"""What a new revision changed: pages aligned by their text, not by number, and the changed words of one page.

Pure: it takes texts and gives pairs; it reads no rows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256

# Below this share of common words two pages are not the same page changed, but one removed and another added.
SAME_PAGE = 0.4
# Every pair in a block of changed pages is compared; beyond this many pairs, pages are paired in their order.
_PAIRS_COMPARED = 2_500
# Difflib's time grows with the square of what two pages have not in common.
_WORDS_COMPARED = 3_000
# Words of letters and digits, of kanji or of katakana, with the blanks after them; any other character is one too.
_WORD = re.compile(r"(?:[A-Za-z0-9]+|[一-鿿々]+|[ァ-ヴー]+|\S)\s*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A page of the old revision and what became of it: positions from 0, None where there is no such page."""

    old: int | None
    new: int | None
    changed: bool

    @property
    def kind(self) -> str:
        """One of added, removed, changed, unchanged."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        return "changed" if self.changed else "unchanged"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a compared page. `kind`: kept, removed (stood in the old one), added (stands in the new one)."""

    kind: str
    text: str


def aligned(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Every page of both revisions exactly once, in reading order. Blanks make no difference between two texts."""
    hashes = [_hash(text) for text in old], [_hash(text) for text in new]
    found: list[Pair] = []
    for tag, first, last, start, end in SequenceMatcher(None, *hashes, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Pair(first + step, start + step, False) for step in range(last - first)]
        else:
            found += _block(old, new, range(first, last), range(start, end))
    return found


def marked(old: str, new: str) -> list[Piece]:
    """The page's words, and which of them the revision took out or put in. Very long pages: one for the other.

    Blanks make no difference: what is kept has those of the new page.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > _WORDS_COMPARED:
        return [Piece("removed", old), Piece("added", new)]
    bare = [word.strip() for word in before], [word.strip() for word in after]
    pieces: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, *bare, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("kept", "".join(after[start:end])))
            continue
        gone, come = "".join(before[first:last]), "".join(after[start:end])
        pieces += [Piece(kind, text) for kind, text in (("removed", gone), ("added", come)) if text]
    return pieces


def _hash(text: str) -> bytes:
    return sha256("".join(text.split()).encode()).digest()


def _block(old: Sequence[str], new: Sequence[str], before: range, after: range) -> Iterator[Pair]:
    """Pairs of pages that differ: the most alike belong together, as long as no two pairs cross."""
    at_old, at_new = before.start, after.start
    for one, other in _matches(old, new, before, after):
        yield from (Pair(number, None, True) for number in range(at_old, one))
        yield from (Pair(None, number, True) for number in range(at_new, other))
        yield Pair(one, other, True)
        at_old, at_new = one + 1, other + 1
    yield from (Pair(number, None, True) for number in range(at_old, before.stop))
    yield from (Pair(None, number, True) for number in range(at_new, after.stop))


def _matches(old: Sequence[str], new: Sequence[str], before: range, after: range) -> list[tuple[int, int]]:
    if len(before) * len(after) > _PAIRS_COMPARED:
        return list(zip(before, after, strict=False))
    words = [_words(old[one]) for one in before], [_words(new[one]) for one in after]
    alike = [[_likeness(one, other) for other in words[1]] for one in words[0]]
    return [(before[one], after[other]) for one, other in _best_path(alike)]


def _words(text: str) -> Counter[str]:
    return Counter(word.strip() for word in _WORD.findall(text))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of words in common, 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _best_path(alike: list[list[float]]) -> list[tuple[int, int]]:
    """The pairs, rising in both, whose likenesses add up to the most; none below SAME_PAGE."""
    rows, columns = len(alike), len(alike[0]) if alike else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            skipped = max(best[row + 1][column], best[row][column + 1])
            best[row][column] = max(skipped, _gain(alike[row][column]) + best[row + 1][column + 1])
    path, row, column = [], 0, 0
    while row < rows and column < columns:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            path.append((row, column))
            row, column = row + 1, column + 1
    return path


def _gain(likeness: float) -> float:
    return likeness if likeness >= SAME_PAGE else 0.0
