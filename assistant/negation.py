"""Whether a sentence denies what its source says, or says what its source denies, where that is certain. Pure.

Certain means: the same word is denied on one side and only affirmed on the other, or both say the same words but for
a denial.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_WORD_JA = r"[一-龯々〆ヵヶァ-ヴー]+|[A-Za-z][A-Za-z0-9-]*"
# Forms that look like a denial and are none: must, perhaps, not only, only so much.
_NO_DENIAL = re.compile(
    r"(?:なければ|なくては|ないと|ねば|なきゃ)(?:なら(?:ない|ず|ません)|なりません|いけ(?:ない|ません)|だめ)|かもしれ(?:ない|ません)"
    r"|(?:だけ|のみ)で(?:は)?(?:なく|ない)|とは限(?:らない|りません)|に過ぎ(?:ない|ません)|しか[^。]{0,24}?(?:ない|ません)"
    r"|ない(?:と|かぎり|限り)|なければ|少なくな|すみません|間違い(?:ない|ありません)|ざるを得(?:ない|ません)|に(?:他|ほか)な(?:らない|りません)"
)
_DENIAL_JA = re.compile(
    rf"(?P<word>{_WORD_JA})(?P<between>[ぁ-ん]{{0,10}}?)"
    r"(?P<cue>ないで|ない|なかった|なく|ません|ずに|ず(?=[、。\s]|$)|厳禁|禁止|不可|不要|無用|べからず|べきでは)"
)
_LIGHT_VERB = re.compile(rf"(?P<word>{_WORD_JA})[をはがもの]{{1,2}}\Z")
_LIGHT = frozenset({"行", "実施", "出来", "可能", "必要", "事", "場合", "致"})
_PREFIXED = re.compile(r"(?P<word>[一-龯々ァ-ヴー]+?)(?P<cue>厳禁|禁止|不可|不要|無用)")
_NO_DENIAL_EN = re.compile(r"\bnot (?:only|just|until|limited)\b|\bno(?:\.|t\s+less|t\s+more)\s", re.IGNORECASE)
_DENIAL_EN = re.compile(
    r"\b(?:not|never|cannot|without|no longer|no|neither|nor)\b|n['’]t\b", re.IGNORECASE
)  # the denied word follows
_DENIED_BEFORE_EN = re.compile(r"\b(?:prohibited|forbidden|unnecessary|banned)\b", re.IGNORECASE)
_AUXILIARIES = frozenset(
    [
        "a",
        "all",
        "allowed",
        "also",
        "an",
        "any",
        "are",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "ever",
        "for",
        "from",
        "had",
        "has",
        "have",
        "if",
        "in",
        "is",
        "it",
        "its",
        "may",
        "might",
        "must",
        "of",
        "on",
        "only",
        "or",
        "permitted",
        "possible",
        "should",
        "so",
        "still",
        "such",
        "than",
        "that",
        "the",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "under",
        "use",
        "very",
        "was",
        "were",
        "will",
        "with",
        "would",
        "yet",
        "you",
        "your",
        "longer",
    ]
)
_NEAR = 4
# A word inside a name (GRN_ENABLE_COUNT, enable-linger) affirms nothing.
_WORD_EN = re.compile(r"(?<![\w-])[A-Za-z]+(?![\w-])")
# Each denial as a mark and what it denies, so that sentences can be compared without the marks.
_MARK = "\0"
_MARKED = tuple(
    (re.compile(pattern, re.IGNORECASE), f"{_MARK}{left}")
    for pattern, left in (
        (r"(?:ないで|(?<=て)は(?:いけ|なり)ません)(?:ください)?", "てください"),
        (r"ません", "ます"),
        (r"できない", "できる"),
        (r"しない", "する"),
        (r"不要", "必要"),
        (r"不可能", "可能"),
        (r"\b(?:cannot|can not|can['’]t)\b", "can"),
        (r"\b(?:(?:do|does|did) not|(?:do|does|did)n['’]t|never|not)\b", ""),
    )
)
_LEAST_SAID = 8


@dataclass(frozen=True, slots=True)
class _Read:
    denied: frozenset[str]
    text: str  # what is left once the denials are taken out

    def affirms(self, word: str) -> bool:
        if word.isascii():
            return any(_stem(other) == word for other in _WORD_EN.findall(self.text))
        if len(word) == 1:
            return bool(re.search(rf"(?<![一-龯ァ-ヴー]){word}(?=[ぁ-ん])", self.text))
        return bool(re.search(rf"{re.escape(word)}(?![一-龯ァ-ヴー])", self.text))


def flips(sentence: str, cited: str) -> list[str]:
    """The words that one side denies and the other only affirms."""
    mine, theirs = _read(sentence), _read(cited)
    denied_there = (word for word in theirs.denied - mine.denied if mine.affirms(word) and not theirs.affirms(word))
    denied_here = (word for word in mine.denied - theirs.denied if theirs.affirms(word) and not mine.affirms(word))
    return sorted({*denied_there, *denied_here}) or _turned(sentence, cited)


def _turned(sentence: str, cited: str) -> list[str]:
    """The sentence, where it stands there letter by letter but for a denial more or less."""
    said, mine = _unmarked(sentence.rstrip(" 。.!！"))
    there, theirs = _unmarked(cited)
    places = [found.start() for found in re.finditer(re.escape(said), there)] if len(said) >= _LEAST_SAID else []
    denials = sum(mark < len(said) for mark in mine)
    odd = [(sum(at <= mark < at + len(said) for mark in theirs) - denials) % 2 for at in places]
    return [sentence.strip()] if odd and all(odd) else []


def _unmarked(text: str) -> tuple[str, list[int]]:
    """The text without blanks and denials, and where the denials stood."""
    text = unicodedata.normalize("NFKC", text).lower()
    for pattern, marked in _MARKED:
        text = pattern.sub(marked, text)
    pieces = "".join(text.split()).split(_MARK)
    return "".join(pieces), list(accumulate(map(len, pieces[:-1])))


def _read(text: str) -> _Read:
    text = _NO_DENIAL_EN.sub(" ", _NO_DENIAL.sub("べき", unicodedata.normalize("NFKC", text)))
    denied: set[str] = set()
    left = text
    for word, start, end in (*_denied_ja(text), *_denied_en(text)):
        denied.add(word)
        left = left[:start] + "。" * (end - start) + left[end:]
    return _Read(frozenset(denied), left)


def _denied_ja(text: str) -> Iterator[tuple[str, int, int]]:
    for found in (*_PREFIXED.finditer(text), *_DENIAL_JA.finditer(text)):
        word, start = found["word"], found.start()
        if re.search(r"厳禁|禁止|不可|不要|無用", word):
            continue
        if word in _LIGHT and (before := _LIGHT_VERB.search(text[:start])):
            word, start = before["word"], before.start()
        yield word.lower() if not word.isascii() else _stem(word), start, found.end()


def _denied_en(text: str) -> Iterator[tuple[str, int, int]]:
    for cue in _DENIAL_EN.finditer(text):
        for count, found in enumerate(re.finditer(r"[A-Za-z]+|[.;:!?]", text[cue.end() :])):
            if count >= _NEAR or not found[0].isalpha():
                break
            if found[0].lower() not in _AUXILIARIES:
                yield _stem(found[0]), cue.start(), cue.end() + found.end()
                break
    for cue in _DENIED_BEFORE_EN.finditer(text):
        words = [w for w in re.finditer(r"[A-Za-z]+", text[: cue.start()]) if w[0].lower() not in _AUXILIARIES]
        if words:
            yield _stem(words[-1][0]), words[-1].start(), cue.end()


def _stem(word: str) -> str:
    word = word.lower()
    for ending in ("ing", "ied", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004 - "use", "is" stay words
            return word[: -len(ending)]
    return word
