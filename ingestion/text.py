"""Text as both rooms compare it: folded forms, language, sentence spans. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from threading import local
from typing import Any, Literal

_SEARCH_WORDS = 10
KANA = "\u3041-\u309f\u30a1-\u30ff"
KANJI = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃﹘﹣－⸺⸻", "-"))
_DASH_IN_KANA = re.compile(f"(?<=[{KANA}])-+(?=[{KANA}])")
_BAR_NOT_IN_KANA = re.compile(f"(?<![{KANA}])ー+")
# A final long vowel is written or not by house style (JIS Z 8301): ストレーナ, ストレーナー.
# Short words keep it (キー, エラー).
_FINAL_BAR = re.compile("(?<=[ァ-ヺ][ァ-ヺー][ァ-ヺ])ー(?![ァ-ヺー])")


Language = Literal["ja", "en"]


def fold(text: str) -> str:
    """NFKC, lower case, half-width kana widened, long-vowel, hyphen and dash variants made one.

    A key for comparing, not for showing: its length differs from the text's. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    folded = _compatible(_compatible(unicodedata.normalize("NFD", text))).translate(_DASHES)
    folded = _BAR_NOT_IN_KANA.sub("-", _DASH_IN_KANA.sub("ー", folded))
    return _FINAL_BAR.sub("", re.sub("ー{2,}", "ー", folded))


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text.casefold())


def one_line(text: str) -> str:
    """The text on one line without control, format and surrogate characters: a title or name any database takes."""
    kept = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(kept.split())


def search_words(search: str) -> list[str]:
    """The words to look rows up by, at most 10: PostgreSQL refuses NUL, SQLite an expression a thousand words deep."""
    return one_line(search).split()[:_SEARCH_WORDS]


_CJK = re.compile(f"[{KANA}{KANJI}\uff66-\uff9f]")
_LATIN_WORD = re.compile("[A-Za-z]{2,}")


_BLANK_IN_CJK = re.compile(rf"(?<=[{KANA}{KANJI}])\s+(?=[{KANA}{KANJI}])")


def comparable(text: str) -> str:
    """The text as words are looked for in it: folded, without blanks inside Japanese."""
    return _BLANK_IN_CJK.sub("", fold(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word in lower case without its endings, by Snowball's rules: settings, setting, set are one."""
    return str(_stemmer().stemWord(word))


_stemmers = local()


def _stemmer() -> Any:
    """One per thread: a stemmer keeps its word in itself while it works."""
    if not hasattr(_stemmers, "english"):
        import snowballstemmer

        _stemmers.english = snowballstemmer.stemmer("english")
    return _stemmers.english


def language_of(text: str) -> Language:
    """`ja` where kana and kanji carry the text, else `en`: a Japanese name in an English question leaves it English."""
    japanese = len(_CJK.findall(text))
    return "ja" if japanese and japanese >= 2 * len(_LATIN_WORD.findall(text)) else "en"


def other_language(language: Language) -> Language:
    """Of the two languages the one that this is not."""
    return "en" if language == "ja" else "ja"


_CLOSERS = "」』）)】］\\]〉》\"'”’"
_END = re.compile(f"(?:[。！？]+|[!?]+|[.．]+)[{_CLOSERS}]*")
_ABBREVIATIONS = re.compile(
    r"(?:e\.g|i\.e|etc|cf|vs|ca|approx|nos?|figs?|sec|ch|vol|eds?|eq|pp?|mrs?|ms|dr|prof|st|inc|ltd|co|corp|dept|max|min"
    r"|ref|rev|ver|al|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\."
)
_LAST_WORD = re.compile(r"[\w./-]+$")
_PARTICLE = re.compile("[とのをがはにでも、，]")
_PAIRS = dict(zip("「『（(【", "」』）)】", strict=True))
_BRACKET_REACH = 300


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of each sentence, in order, blanks at the ends left out. Lines that are list items or rows count.

    A line that only wraps is joined with the next; a blank line, a list marker, a table row or a short line ends one.
    A row with its columns' names is one sentence, whatever its cells say.
    """
    return [span for block in _blocks(text) for span in _sentences(text, *block)]


# "Model: P-101 / Remark: Stop the pump first. / Interval: 8,000 h", as ingestion.parsing writes rows. A row longer than
# this is cut where its cells' sentences end: nobody reads it as one.
_NAMED_ROW = re.compile(r"[^\n]* / [^\n/:]{1,80}: [^\n]*\n*")
_LONGEST_ROW = 400


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start <= _LONGEST_ROW and _NAMED_ROW.fullmatch(text, start, end):
        yield from _trimmed(text, start, end)
        return
    begin = start
    for match in _END.finditer(text, start, end):
        if match.start() >= begin and _ends_here(text, begin, match, end):
            yield from _trimmed(text, begin, match.end())
            begin = match.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends_here(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    after = text[match.end()] if match.end() < end else ""
    if match[0][0] in ".．":
        return _full_stop(text, begin, match, end)
    if match[0][0] in "!?" and after.isascii() and after.isalnum():
        return False  # ls?x, a!b
    if _open_bracket(text, begin, match):
        return False
    return not (match[0][-1] in _CLOSERS and _PARTICLE.match(after))  # 「…です。」と言った


def _full_stop(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    before, after = text[begin : match.start()], text[match.end() : end]
    if match[0][0] == "．" and not (before[-1:].isdigit() and after[:1].isdigit()):
        return not _open_bracket(text, begin, match)
    if after and not after[0].isspace():
        return bool(_CJK.match(after)) and not before[-1:].isdigit()
    word = _LAST_WORD.search(before)
    last = f"{word[0]}.".lower() if word else ""
    if _ABBREVIATIONS.fullmatch(last) or (word and len(word[0]) == 1 and word[0].isupper()):
        return not after.strip()
    if before.strip().isdigit() or before.strip() == "":
        return False  # "1." numbers a step; it belongs to what follows
    return not after.lstrip()[:1].islower()


def _open_bracket(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether the mark stands inside brackets that close soon: the sentence goes on to the bracket's end."""
    waiting: list[str] = []
    for char in text[begin : match.end()]:
        if char in _PAIRS:
            waiting.append(_PAIRS[char])
        elif waiting and char == waiting[-1]:
            waiting.pop()
    return bool(waiting) and waiting[-1] in text[match.end() : match.end() + _BRACKET_REACH]


_LINE = re.compile(r"[^\n]*\n?")
_MARKER = re.compile(
    r"[ \t\u3000]*(?:[・•●○■□◆◇▪◦※☆★–*+-][ \t\u3000]*\S|[(（]?[0-9０-９]{1,3}[)）.．、][ \t\u3000]"
    r"|[(（][0-9０-９a-zア-ン]{1,2}[)）]|[①-⑳]|[a-zA-Z][.)][ \t]|第[0-9一二三四五六七八九十]+[章節条項]|#{1,6} |\|)"
)
_ROW = re.compile(r"\t|\S {3,}\S|\S \| |\|[ \t]*$")
_SHORT_BLOCK = 24
_WRAPPED_SHARE = 0.6
# Notes and columns are narrower than the page's widest line: a line this wide (a wide character counts 2) may wrap.
_COLUMN = 48
_COLUMN_SHARE = 0.85
_GOES_ON = re.compile(r"[a-z,;’'\")-]$|\b(?:a|I)$")
_RUNS_ON = re.compile("[\u3041-\u309fー、。]")
_SMALL_WORD = re.compile(r"\b(?:a|an|and|are|as|be|by|can|for|if|in|is|it|of|on|or|that|the|this|to|with|you)\b")


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that no sentence crosses."""
    lines = [match.span() for match in _LINE.finditer(text) if match[0]]
    start = 0
    for paragraph in _paragraphs(text, lines):
        longest = max(_width(text[begin:end]) for begin, end in paragraph)
        start = paragraph[0][0]
        for (begin, end), (following, stop) in pairwise([*paragraph, (paragraph[-1][1], paragraph[-1][1])]):
            if _breaks(text[begin:end], text[following:stop], longest):
                yield start, end
                start = end
        yield start, paragraph[-1][1]


def _paragraphs(text: str, lines: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    gathered: list[tuple[int, int]] = []
    for begin, end in lines:
        if text[begin:end].strip():
            gathered.append((begin, end))
        elif gathered:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def _breaks(line: str, following: str, longest: int) -> bool:
    if _MARKER.match(following) or _ROW.search(line.rstrip("\n")) or _ROW.search(following.rstrip("\n")):
        return True
    if _GOES_ON.search(line.rstrip()) and following.lstrip()[:1].islower():
        return False  # an English line that begins small goes on, however short the one before
    if _fills_its_column(line.strip(), following.strip()):
        return False
    return longest <= _SHORT_BLOCK or _width(line) < _WRAPPED_SHARE * longest


def _fills_its_column(line: str, following: str) -> bool:
    """Whether a line of prose runs on: it is wide, and the next begins in mid-sentence or is hardly wider."""
    width = _width(line)
    if width < _COLUMN:
        return False
    even = width >= _COLUMN_SHARE * _width(following)
    if _CJK.match(line[-1:]):
        return bool(_RUNS_ON.match(following)) or (even and bool(_CJK.match(following)))
    # Rows of a table are as wide as one another too, but hold no small words.
    return even and bool(_SMALL_WORD.search(line)) and (line[-1:].isalnum() or line[-1:] == ",")


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line.strip())
