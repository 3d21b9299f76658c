"""What in a sentence can be checked letter by letter: quantities, dates, codes, quotations. Pure.

Each literal has the text it was written as and a key that is equal for equal meaning: 8,000時間, 八千時間 and 8000 h
share one, and so do 令和6年3月5日 and 2024-03-05.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from assistant.numerals import plain
from assistant.units import UNIT, unit_of

Kind = OneOf["quantity", "date", "code", "quote"]


@dataclass(frozen=True, slots=True)
class Literal:
    """One checkable piece: its kind, its text as written (normalised), and a key that is equal for equal meaning.

    The key of a quantity is its value in the base of its `dimension`; `number` is the value as written.
    """

    kind: Kind
    text: str
    key: str
    number: Decimal | None = None
    dimension: str = ""


_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
_MONTH_DAY = r"\s*(?P<month>\d{1,2})月(?:\s*(?P<day>\d{1,2})日)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<era>{'|'.join(_ERAS)})\s*(?P<year>元|\d{{1,2}})年(?:{_MONTH_DAY})?",
        rf"{_YEAR}年(?!間)(?:{_MONTH_DAY})?",
        rf"(?<![\d/.-]){_YEAR}(?P<cut>[-/.])(?P<month>\d{{1,2}})(?P=cut)(?P<day>\d{{1,2}})(?![\d/-])",
        rf"\b(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\.?,?\s+{_YEAR}\b",
        rf"\b(?P<name>{_MONTH})\.?\s+{_YEAR}\b",
        r"(?<!\d)(?P<month>\d{1,2})月(?!間)(?:\s*(?P<day>\d{1,2})日)?",
        rf"\b(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b",
    )
)
_NUMBER = r"\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"(?P<sign>(?<![\w.)])[-+]\s?)?(?P<number>{_NUMBER})"
    rf"(?:\s*(?:~|-|から|to|and)\s*(?P<end_sign>(?<=[~\s])[-+])?(?P<end>{_NUMBER}))?"
    rf"(?:[\s-]?(?P<unit>{UNIT}))?",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    rf"(?:[-+]?{_NUMBER}(?:{UNIT})?(?:[-~/](?={_NUMBER})|\Z))+|{UNIT}|\d+(?:st|nd|rd|th)", re.IGNORECASE
)
_BRACKETED_UNIT = re.compile(rf"[(\[|]\s*({UNIT})\s*[)\]|]", re.IGNORECASE)
# A part number, code or version: letters and digits in one word, or two dots and more; "P 101" with a blank too.
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{1,4} \d{2,}(?![.\d])|[A-Za-z0-9]+(?:[-_./:#+][A-Za-z0-9]+)*)(?![A-Za-z0-9])"
)
_QUOTES = re.compile('「([^「」]{1,200})」|『([^『』]{1,200})』|“([^“”]{1,200})”|"([^"\n]{1,200})"|`+([^`]{1,2000}?)`+')
_LIST_MARK = re.compile(r"^\s*(?:[-*+・•]\s+|\(?\d{1,3}[.)]\s+|[①-⑳]\s*|#{1,6}\s+)+")


def literals(sentence: str) -> list[Literal]:
    """Every literal of a sentence of an answer, each once. A list marker is none."""
    text = plain(_LIST_MARK.sub("", sentence))
    quotes = [Literal("quote", found, squeeze(found)) for groups in _QUOTES.findall(text) for found in groups if found]
    return list(dict.fromkeys([*quotes, *_dates_codes_quantities(text)]))


def missing(sentence: str, cited: Sequence[str], *, context: Sequence[str] = ()) -> list[str]:
    """The literals of the sentence that the cited texts do not hold, as written. Empty: all are there.

    `context` (titles, headings, a table's first row) may hold names, codes, a unit in brackets, but proves no amount.
    """
    texts, around = [plain(text) for text in cited], [plain(text) for text in context]
    there = [literal for text in texts for literal in _read_generously(text)]
    bracketed = {unit_of(unit.lower()) for text in (*texts, *around) for unit in _BRACKETED_UNIT.findall(text)}
    everything = "\n".join((*texts, *around))
    return [
        literal.text
        for literal in literals(sentence)
        if not _held(literal, there=there, bracketed=bracketed, text=everything)
    ]


def squeeze(text: str) -> str:
    """The text without blanks, emphasis, quotation marks and case: how quotations are looked for."""
    return re.sub(r"[\s`*_\"'“”‘’「」『』]+", "", plain(text)).lower()


def _held(literal: Literal, *, there: list[Literal], bracketed: set[tuple[str, Decimal]], text: str) -> bool:
    if literal.kind == "quote":
        return literal.key in squeeze(text)
    if literal.kind == "code":
        return _code_in(literal.key, text.lower())
    if any(literal.kind == other.kind and literal.key == other.key for other in there):
        return True
    if literal.kind == "date":
        return False
    same_number = [other for other in there if other.kind == "quantity" and other.number == literal.number]
    if not literal.dimension:
        return bool(same_number)
    # A table says its unit once, in brackets, and holds bare numbers.
    unit_told = any(literal.key == _key(literal.number or Decimal(0), unit) for unit in bracketed)
    return unit_told and any(not other.dimension for other in same_number)


def _code_in(key: str, text: str) -> bool:
    """Whether the code stands in the text as a whole: P-101 neither in P-1010 nor in P-101-2."""
    runs = re.findall(r"[a-z]+|\d+", key)
    pattern = r"[-_ ./:#+]?".join(runs)
    return bool(re.search(rf"(?<![a-z0-9])(?<![a-z0-9][-_]){pattern}(?![a-z0-9])(?![-_][a-z0-9])", text))


def _dates_codes_quantities(text: str) -> Iterator[Literal]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            yield Literal("date", found[0], _date(found.groupdict()))
        text = pattern.sub(_blank, text)
    for found in _CODE.finditer(text):
        if _is_code(found[0]):
            yield Literal("code", found[0], found[0].lower())
    yield from _quantities(_CODE.sub(lambda found: _blank(found) if _is_code(found[0]) else found[0], text))


def _read_generously(text: str) -> Iterator[Literal]:
    """What the cited text holds, read every way it can be: a full date also as its month, a code also as quantities."""
    yield from _quantities(text)
    for literal in _dates_codes_quantities(text):
        yield literal
        if literal.kind == "date":
            year, month, day = literal.key.split("/")
            for key in (f"{year}//", f"{year}/{month}/", f"/{month}/{day}", f"/{month}/"):
                yield Literal("date", literal.text, key)
            for number in filter(str.isdigit, (year, month, day)):
                yield Literal("quantity", number, number, Decimal(number))
        elif literal.kind == "quantity" and re.fullmatch(_YEAR, str(literal.number)):
            yield Literal("date", literal.text, f"{literal.number}//")


def _is_code(word: str) -> bool:
    letters_and_digits = re.search(r"[A-Za-z]", word) and re.search(r"\d", word)
    return bool(
        (letters_and_digits or word.count(".") > 1) and re.search(r"\d", word) and not _MEASURED.fullmatch(word)
    )


def _quantities(text: str) -> Iterator[Literal]:
    for found in _QUANTITY.finditer(text):
        unit = unit_of(found["unit"].lower()) if found["unit"] else None
        yield _quantity(found["sign"], found["number"], unit, found)
        if found["end"]:
            yield _quantity(found["end_sign"], found["end"], unit, found)


def _quantity(sign: str | None, number: str, unit: tuple[str, Decimal] | None, found: re.Match[str]) -> Literal:
    value = -Decimal(number) if sign and sign.strip() == "-" else Decimal(number)
    return Literal("quantity", found[0].strip(), _key(value, unit), value, unit[0] if unit else "")


def _key(value: Decimal, unit: tuple[str, Decimal] | None) -> str:
    """Equal for equal amounts: the value in the base unit, without trailing zeros."""
    dimension, factor = unit or ("", Decimal(1))
    return f"{(value * factor).normalize():f} {dimension}".strip()


def _date(parts: dict[str, str | None]) -> str:
    """year/month/day, each empty where it is not told. Era years become years of the common era."""
    year = parts.get("year") or ""
    if parts.get("era"):
        year = str(_ERAS[parts["era"] or ""] + (1 if year == "元" else int(year)))
    month = str(_MONTHS[name.lower()]) if (name := parts.get("name")) else parts.get("month") or ""
    return "/".join(part.lstrip("0") for part in (year, month, parts.get("day") or ""))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
