"""A sentence of a manual said wrongly: one digit, unit, part number, date, bound, name or denial changed. Pure.

What is changed is found here and not by the checks' own patterns, so that what they overlook counts against them. A
change never says what stands elsewhere in the sentence: no check of letters can see two numbers change places.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random

KINDS = ("digit", "unit", "part number", "date", "range bound", "name", "negation")
# Units that are mistaken for each other; the pairs differ in what they measure or in how much.
OTHER_UNIT = {"時間": "分", " h": " min", " mm": " cm", "℃": "%", " MPa": " kPa", "%": "℃", "kg": "g"}
OTHER_UNIT |= {"回": "個", "個": "台", "年": "か月", " hours": " days", "V": "A", " MB": " GB", "MB": "GB", "GB": "MB"}
OTHER_UNIT |= {
    " minutes": " seconds",
    " days": " hours",
    " seconds": " minutes",
    "日": "週",
    "ページ": "章",
    "秒": "分",
}
_LIST_MARK = re.compile(r"\s*(?:[-*+・•]\s+|[(（]?\d{1,3}[.)）]\s*|[①-⑳]\s*|#{1,6}\s+)*")
_NUMBER = re.compile(r"(?<![A-Za-z0-9./_:#-])\d+(?:[.,]\d+)*(?![A-Za-z0-9/_:]|-[A-Za-z0-9]|\.\d)")
_UNITS = "|".join(sorted((re.escape(unit) for unit in OTHER_UNIT), key=len, reverse=True))
_AMOUNT = re.compile(rf"(?<![A-Za-z0-9.-])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>{_UNITS})(?![A-Za-z0-9間目頃])")
_CODE = re.compile(r"(?<![A-Za-z0-9/._-])[A-Z]{1,4}-?[0-9]{1,5}[A-Z]?(?![A-Za-z0-9/_.-])")
_RANGE = re.compile(r"(?<![\d.A-Za-z-])(\d+(?:\.\d+)?)(\s?(?:~|〜|～|–|から| to )\s?)(\d+(?:\.\d+)?)(?![\d-])")
_ERA_DATE = re.compile(r"(?P<era>令和|平成|昭和)(?P<year>\d{1,2})年")
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)(?:年\d{1,2}月|[-/]\d{2}[-/]\d{2}(?!\d))")
_ERA_FROM = {"令和": 2018, "平成": 1988, "昭和": 1925}
_NAME_EN = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]*[a-z][A-Za-z]*|(?<![A-Za-z0-9-])[A-Z]{2,6}(?![A-Za-z0-9-])")
_NAME_JA = re.compile(r"(?<![ァ-ヶー])[ァ-ヶー]{4,12}(?![ァ-ヶー])")
_DENIALS = (
    (r"しないでください", "してください"),
    (r"してはいけません", "してください"),
    (r"(?<=[けせれめえべげ])ないでください", "てください"),
    (r"できません", "できます"),
    (r"できます(?=[。])", "できません"),
    (r"してください(?=[。])", "しないでください"),
    (r"不要です", "必要です"),
    (r"必要です", "不要です"),
    (r"(?<=[一-龯])します(?=。)", "しません"),
    (r"\b([Dd])o not (?=[a-z])", ""),
    (r"\b([Nn])ever (?=[a-z])", "always "),
    (r"\bcannot\b", "can"),
    (r"\b(must|should|can|may|will) not (?=[a-z])", r"\1 "),
    (r"\b(must|should|can|may|will) (?!not\b|only\b|also\b)(?=[a-z]{4})", r"\1 not "),
)
_DENIES = re.compile(
    r"\b(?:not?|never|cannot|without|nor|none)\b|n['’]t\b|ない|ません|なく|ず(?=[、に])|不可|禁止|無い"
)
_DRAWS = 20  # names tried for a place before it is left alone
Change = Callable[[str, Random, Sequence[str]], Iterator[str]]


def changed(sentence: str, kind: str, chance: Random, names: Sequence[str] = ()) -> Iterator[str]:
    """The sentence with one thing of that kind changed, once for each place it can be.

    `names`: what to put in a name's place; one of the same script is drawn.
    Nothing where it holds none of the kind. Raises KeyError for a kind that is not in KINDS.
    """
    begin = _LIST_MARK.match(sentence)
    head = begin[0] if begin else ""
    for text in _CHANGES[kind](sentence[len(head) :], chance, names):
        yield head + text


def names_in(sentence: str) -> list[str]:
    """Names of products and parts: words with a capital that does not begin the sentence, and katakana."""
    return [*_NAME_EN.findall(sentence), *_NAME_JA.findall(sentence)]


def changed_digit(number: str, chance: Random) -> str:
    """The number or code with its last digit changed, never to 0: 6.0 is 6."""
    at = max(place for place, character in enumerate(number) if character.isdigit())
    digit = chance.choice([digit for digit in "123456789" if int(digit) != int(number[at])])
    return f"{number[:at]}{digit}{number[at + 1 :]}"


def _digit(text: str, chance: Random, _names: Sequence[str]) -> Iterator[str]:
    for found in _NUMBER.finditer(text):
        yield from _put(text, found.span(), changed_digit(found[0], chance))


def _unit(text: str, _chance: Random, _names: Sequence[str]) -> Iterator[str]:
    for found in _AMOUNT.finditer(text):
        yield from _put(text, found.span(), found["number"] + OTHER_UNIT[found["unit"]])


def _code(text: str, chance: Random, _names: Sequence[str]) -> Iterator[str]:
    for found in _CODE.finditer(text):
        yield from _put(text, found.span(), changed_digit(found[0], chance))


def _date(text: str, chance: Random, _names: Sequence[str]) -> Iterator[str]:
    """Another year in the same calendar, and in the other one."""
    for found in _ERA_DATE.finditer(text):
        year = int(found["year"])
        yield from _put(text, found.span(), f"{found['era']}{year + chance.randint(1, 3)}年")
        yield from _put(text, found.span(), f"{_ERA_FROM[found['era']] + year + 1}年")
    for found in _DATE.finditer(text):
        year, (start, end) = int(found["year"]), found.span("year")
        yield from _put(text, (start, end), str(year + chance.randint(1, 9)))
        if text[end] == "年" and year > 2019:  # noqa: PLR2004 - 令和 began
            yield from _put(text, (start, end), f"令和{year - 2018 + 1}")


def _range(text: str, chance: Random, _names: Sequence[str]) -> Iterator[str]:
    for found in _RANGE.finditer(text):
        yield from _put(text, found.span(1), changed_digit(found[1], chance))
        yield from _put(text, found.span(3), changed_digit(found[3], chance))


def _name(text: str, chance: Random, names: Sequence[str]) -> Iterator[str]:
    for pattern in (_NAME_EN, _NAME_JA):
        for found in pattern.finditer(text):
            drawn = (chance.choice(names) for _ in range(_DRAWS))
            strange = (
                one for one in drawn if one.isascii() == found[0].isascii() and _folded(one) not in _folded(text)
            )
            for other in islice(strange, 1):
                yield from _put(text, found.span(), other)


def _negation(text: str, _chance: Random, _names: Sequence[str]) -> Iterator[str]:
    """The first place of the first form that is there. Where there is another denial, what is denied is not certain."""
    for pattern, other in _DENIALS:
        found = re.search(pattern, text)
        if found and not _DENIES.search(f"{text[: found.start()]} {text[found.end() :]}"):
            yield text[: found.start()] + found.expand(other) + text[found.end() :]
            return


def _put(text: str, span: tuple[int, int], other: str) -> Iterator[str]:
    """`other` in the span's place, unless it stands in the text already."""
    start, end = span
    if _folded(other) not in _folded(text):
        yield text[:start] + other + text[end:]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


_CHANGES: dict[str, Change] = {
    "digit": _digit,
    "unit": _unit,
    "part number": _code,
    "date": _date,
    "range bound": _range,
    "name": _name,
    "negation": _negation,
}
