"""Where words of a dictionary stand in a text: folded, not inside another word, the longest first. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ingestion.text import KANA, KANJI, comparable

_CJK = f"{KANA}{KANJI}"
_LETTER, _KATAKANA = rf"[^\W\d_{_CJK}]", "[ァ-ヺー]"
# Katakana, other Japanese, other letters, digits, and any other sign: what joins them is left out.
_PIECE = re.compile(rf"{_KATAKANA}+|(?:(?!{_KATAKANA})[{_CJK}](?<!・))+|{_LETTER}+|\d+|[^\w\s・./:’',-]")
# A Latin or katakana word is not looked for inside another one, nor a code inside a longer code. In kanji and hiragana
# no edge of a word can be seen.
_BEFORE = {"latin": rf"(?<![^\W_{_CJK}])(?<![^\W_{_CJK}][-_.])", "katakana": f"(?<!{_KATAKANA})"}
_AFTER = {"latin": rf"(?![^\W_{_CJK}])(?![-_.][^\W_{_CJK}])", "katakana": f"(?!{_KATAKANA})"}
_LONG = 4


def key_of(text: str) -> str:
    """The text without what joins its pieces. A word can stand in a text only where its key is in the text's key."""
    return "".join(_pieces(text))


def word_key(word: str) -> str:
    """The key of one word of a dictionary: equal for spellings that find the same. Empty where it names nothing."""
    pieces = _pieces(word)
    return "".join([*pieces[:-1], _singular(pieces[-1])]) if pieces else ""


def occurring(words: Iterable[str], text: str) -> set[str]:
    """Those of the words that stand in the text, also inside one another."""
    folded = comparable(text)
    return {word for word in words if (found := _pattern(word)) is not None and found.search(folded)}


def spellings(words: Iterable[str], text: str) -> dict[str, str]:
    """Which of the words stand in the text, and how (folded). Where they overlap, the longest is meant."""
    folded = comparable(text)
    patterns = [(word, found) for word in words if (found := _pattern(word)) is not None]
    spans = [(one.span(), word) for word, found in patterns for one in found.finditer(folded)]
    spans.sort(key=lambda span: (span[0][0] - span[0][1], span[0][0]))
    taken, held, told = bytearray(len(folded)), set[tuple[int, int]](), dict[str, str]()
    for (start, end), word in spans:
        if (start, end) in held or not any(taken[start:end]):
            held.add((start, end))
            taken[start:end] = b"\1" * (end - start)
            told.setdefault(word, folded[start:end])
    return told


def _pieces(text: str) -> list[str]:
    return [piece.replace("・", "") for piece in _PIECE.findall(comparable(text))]


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str] | None:
    """None where nothing is left of the word: no letter, digit or sign."""
    folded = comparable(word)
    found = list(_PIECE.finditer(folded))
    if not found:
        return None
    parts, last = [_BEFORE.get(_kind(found[0][0]), "")], ""
    for number, piece in enumerate(found):
        if number:
            parts.append(_joint(last, piece[0], folded[found[number - 1].end() : piece.start()]))
        last = piece[0]
        parts.append(_spelt(last, final=number == len(found) - 1))
    return re.compile("".join([*parts, _AFTER.get(_kind(last), "")]))


def _joint(before: str, after: str, between: str) -> str:
    """What may stand between two pieces: P-101, P 101 and P101 are one code, 1.2 and 1-2 are not one number."""
    if before[-1].isdigit() and after[0].isdigit():
        return r"\s+" if between.isspace() else re.escape(between)
    if _kind(before) == _kind(after) == "latin" and not before[-1].isdigit() and not after[0].isdigit():
        return r"[-_./:’'\s]{1,3}"
    return r"[-_./:\s]?" if _kind(before) == _kind(after) == "latin" else r"[-_./:・\s]{0,2}"


def _spelt(piece: str, *, final: bool) -> str:
    if _kind(piece) == "katakana":
        return "・?".join(piece)
    if final and len(piece) > 1 and _kind(piece) == "latin" and not piece[0].isdigit():
        return rf"{re.escape(_singular(piece))}(?:e?s)?"
    return re.escape(piece)


def _singular(piece: str) -> str:
    plural = len(piece) > _LONG and piece.isascii() and piece.endswith("s") and not piece.endswith("ss")
    return piece[:-1] if plural else piece


def _kind(piece: str) -> str:
    if re.fullmatch(_KATAKANA, piece[0]):
        return "katakana"
    return "latin" if re.fullmatch(rf"[^\W_{_CJK}]", piece[0]) else "other"
