"""Numbers written one way: NFKC, no thousands separators, kanji numerals and number words as digits. Pure."""

import re
import unicodedata

from assistant.units import UNIT

_DASHES = str.maketrans({**dict.fromkeys("‐‑‒–—―−﹣", "-"), **dict.fromkeys("〜∼～", "~"), "⁄": "/"})
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_EMPHASIS = re.compile(r"\*\*|__")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_KANJI = "〇零一二三四五六七八九十百千万億兆"
_WRITTEN = re.compile(rf"(?:\d+(?:\.\d+)?)?[{_KANJI}](?:[{_KANJI}]|\d)*")
_UNIT_FOLLOWS = re.compile(rf"\s*(?:{UNIT})", re.IGNORECASE)
_ENOUGH = re.compile(r"分(?!間|後|以|経|ごと|毎|おき)")  # 十分 is "enough" unless it is plainly ten minutes
_WORDS = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90"}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})(?=[\s-](?:{UNIT}))", re.IGNORECASE)


def plain(text: str) -> str:
    """The text with every number in digits: 8,000 → 8000, 八千時間 → 8000時間, 3万5千円 → 35000円, two hours → 2 hours.

    Kanji that only look like numbers (一般, 十分, 千葉) stay.
    """
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    text = _THOUSANDS.sub("", _EMPHASIS.sub("", text))
    text = _WRITTEN.sub(_in_digits, text)
    return _WORD.sub(lambda found: _WORDS[found[1].lower()], text)


def _in_digits(found: re.Match[str]) -> str:
    written, rest = found[0], found.string[found.end() :]
    if written == "十" and _ENOUGH.match(rest):
        return written
    multiplied = len(written) > 1 and any(character in _SMALL or character in _LARGE for character in written)
    if multiplied or _UNIT_FOLLOWS.match(rest):
        return _value(written)
    return written


def _value(written: str) -> str:
    """The value of digits and kanji together: 3万5千 → 35000, 二〇二四 → 2024, 1.5万 → 15000."""
    if not any(character in _SMALL or character in _LARGE for character in written):
        return "".join(str(_DIGITS.get(character, character)) for character in written)
    total = section = 0.0
    number = ""
    for character in written:
        if character in _SMALL:
            section += float(number or 1) * _SMALL[character]
            number = ""
        elif character in _LARGE:
            total += (section + float(number or 0) or 1) * _LARGE[character]
            section, number = 0.0, ""
        else:
            number += str(_DIGITS.get(character, character))
    return f"{total + section + float(number or 0):.10g}" if total < 10**9 else str(int(total + section))
