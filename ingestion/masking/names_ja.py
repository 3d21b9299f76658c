"""Names of persons in Japanese: surnames and given names as Sudachi tells them apart, and what stands around them.

A surname alone is a common word or part of a company's name (森, 田中製作所), so it counts only before an honorific
or behind words that announce a person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Any

from ingestion.masking.spans import Span
from ingestion.masking.words import either
from ingestion.models import PersonalData
from ingestion.text import KANA, KANJI

_PERSON, _SURNAME_TOO = "人名", "可"
_HONORIFIC = re.compile(rf"[ \u3000]?{either('honorifics')}")
_ANNOUNCED = re.compile(
    rf"{either('announcers')}[ \u3000]?名?[ \u3000]*(?:[:：=/／|\t、はが]|(?<=[ \u3000]))[ \u3000]*$"
)
_NAMED = re.compile(r"(?:氏名|姓名|お名前|名義人?|フリガナ|ふりがな|カナ氏名)[ \u3000]*[:：\t]?[ \u3000]*$")
# What makes a surname a firm's, a place's, a method's or a machine's.
_NO_PERSON = re.compile(rf"[ \u3000]?{either('firms_and_things')}")
_BETWEEN = re.compile(r"[ \u3000・＝=]")
_GIVEN = re.compile(f"[{KANJI}{KANA}]{{1,4}}")
_ENDS = re.compile(r"(?:$|[\s、。,.:：;；()（）「」『』\[\]/|・とやがはをにのへでも]|さん|様|氏|殿|君)")
_RARE = re.compile(rf"[ \u3000](?P<given>[{KANJI}]{{1,3}})(?=$|[\s、。,(（/／])")
_LONGEST = 4
_tokenizers = local()


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    role: str  # 姓, 名, 一般 of a person; 可 for what is a surname too, as 上田 and 東; empty for anything else
    text: str


def japanese_names(text: str) -> Iterator[Span]:
    """Every name in the text that is told as a person's."""
    for start, line in _lines(text):
        tokens = _tokens(line)
        for first, last in _groups(tokens):
            begin, end = tokens[first].start, tokens[last].end
            if _is_person(line, tokens, first, last):
                end = _with_given_name(line, tokens, first, last)
                yield Span(start + begin, start + end, PersonalData.NAME)
        yield from _written_out(start, line)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n]{1,4000}", text):
        if re.search(f"[{KANA}{KANJI}]", match[0]):
            yield match.start(), match[0]


def _tokens(line: str) -> list[_Token]:
    from sudachipy import SplitMode

    found = []
    for one in _tokenizer().tokenize(line, SplitMode.C):
        speech = one.part_of_speech()
        role = speech[3] if speech[2] == _PERSON else _SURNAME_TOO if one.surface() in surnames() else ""
        found.append(_Token(one.begin(), one.end(), role, one.surface()))
    return found


def _tokenizer() -> Any:
    """One per thread: a tokenizer is not to be used by two at once. The dictionary is shared."""
    if not hasattr(_tokenizers, "sudachi"):
        _tokenizers.sudachi = _dictionary().tokenizer()
    return _tokenizers.sudachi


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")


def _groups(tokens: Sequence[_Token]) -> Iterator[tuple[int, int]]:
    """First and last of tokens that make one name: surname and given name, or a foreign name with its dots."""
    at = 0
    while at < len(tokens):
        last = at
        if tokens[at].role:
            last = _end_of_name(tokens, at)
            yield at, last
        at = last + 1


def _end_of_name(tokens: Sequence[_Token], first: int) -> int:
    last = first
    while last + 1 < len(tokens) and last - first < _LONGEST:
        step = last + 1
        if _BETWEEN.fullmatch(tokens[step].text) and step + 1 < len(tokens):
            step += 1
        elif not tokens[step].role:
            break
        if tokens[step].role in {"", _SURNAME_TOO} or (tokens[step].role == "姓" and tokens[last].role == "名"):
            break
        last = step
    return last


def _is_person(line: str, tokens: Sequence[_Token], first: int, last: int) -> bool:
    before, after = line[: tokens[first].start], line[tokens[last].end :]
    if _HONORIFIC.match(after):
        return True
    if _NO_PERSON.match(after):
        return False
    if _announced(before):
        return True
    roles = [one.role for one in tokens[first : last + 1] if one.role]
    if roles[0] in {"姓", _SURNAME_TOO} and ("名" in roles[1:] or _given_name_end(line, tokens, last)):
        return True
    return len(roles) > 1 and "・" in line[tokens[first].start : tokens[last].end]


def _announced(before: str) -> bool:
    return bool(_ANNOUNCED.search(before) or _NAMED.search(before))


def _with_given_name(line: str, tokens: Sequence[_Token], first: int, last: int) -> int:
    """The end of the name, with a given name that Sudachi takes for a common word: 山田 光, 佐藤大地様.

    Behind words that announce a person, any one to three kanji set off by a blank are the given name.
    """
    end = tokens[last].end
    rare = _RARE.match(line, end) if last == first and _announced(line[: tokens[first].start]) else None
    if rare and any((one.start, one.end) == rare.span("given") for one in tokens):
        rare = None  # a word of its own: 担当 鈴木 電話
    return _given_name_end(line, tokens, last) or (rare.end() if rare else end)


def _given_name_end(line: str, tokens: Sequence[_Token], last: int) -> int:
    """Where a listed given name behind this surname ends; 0 where none stands there."""
    end = tokens[last].end
    if tokens[last].role not in {"姓", _SURNAME_TOO} or _HONORIFIC.match(line, end):
        return 0
    after = end + 1 if _BETWEEN.match(line, end) else end
    following = next((one for one in tokens[last + 1 :] if one.start >= after), None)
    if following is None or following.start != after or not _GIVEN.fullmatch(following.text):
        return 0
    if following.text not in given_names() or not _ENDS.match(line, following.end):
        return 0
    return following.end


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names as they are written in kanji and kana."""
    from japanese_personal_name_dataset import load_dataset

    spelt: set[str] = set()
    for names in load_dataset():
        spelt.update(names, *(entry["kanji"] for entry in names.values()))
    return frozenset(spelt)


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """Some five thousand surnames, nine people in ten have one of them."""
    from japanese_personal_name_dataset import load_dataset

    return frozenset(load_dataset(include_last_names=True)[2])


_FORM = re.compile(
    r"(?:氏名|姓名|お名前|フリガナ|ふりがな|カナ氏名|口座名義人?|名義人?)"
    r"(?:[(（][^()（）\n]{0,8}[)）])?[ \u3000]*[:：\t/]+[ \u3000]*"
    rf"(?P<value>[{KANJI}{KANA}]{{1,6}}[ \u3000]?[{KANJI}{KANA}]{{1,6}})(?=$|[\s、。,(（/|])"
)


def _written_out(start: int, line: str) -> Iterator[Span]:
    """Names in the fields of a form, whatever they are made of; and those in katakana."""
    for match in _FORM.finditer(line):
        yield Span(start + match.start("value"), start + match.end("value"), PersonalData.NAME)
    for match in _READING.finditer(line):
        if _hiragana(match["family"]) in readings()[0] and _hiragana(match["given"]) in readings()[1]:
            yield Span(start + match.start(), start + match.end(), PersonalData.NAME)


_READING = re.compile(r"(?<![ァ-ヺー])(?P<family>[ァ-ヺー]{2,7})[ \u3000](?P<given>[ァ-ヺー]{2,6})(?![ァ-ヺー])")


def _hiragana(katakana: str) -> str:
    return "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in katakana)


@lru_cache(maxsize=1)
def readings() -> tuple[frozenset[str], frozenset[str]]:
    """Surnames and given names in hiragana."""
    from japanese_personal_name_dataset import load_dataset

    men, women, families = load_dataset(include_last_names=True)
    return frozenset(entry["reading"] for entry in families.values()), frozenset([*men, *women])
