"""A value beside the words that announce it: "社員番号: 10234", "Passport no. TK1234567". Pure."""

import re
from collections.abc import Iterator

from ingestion.masking.spans import Span
from ingestion.masking.words import either
from ingestion.models import PersonalData

# What may stand between the announcing words and the value: particles, colons, brackets, a cell's border.
GAP = r"(?:[\s:=|/.,(\[「『・\t：（]|は|が|を|の|です|\b(?:is|was|are|no|number|nr|num|id|code)\b|#|№){0,6}?"
_BRACKETED = r"(?:\s?[(（][^()（）\n]{0,12}[)）])?"


def announced(text: str, words: str, value: str, kind: PersonalData) -> Iterator[Span]:
    """Every value that follows these words at once. Both are regular expressions; letters count as alike."""
    for match in _pattern(words, value).finditer(text):
        yield Span(match.start("value"), match.end("value"), kind)


def _pattern(words: str, value: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words}){_BRACKETED}{GAP}(?P<value>{value})", re.IGNORECASE)


# Words and values are in letters and digits of ASCII; kana and kanji beside them are no part of them.
NOT_BEFORE = r"(?<![A-Za-z0-9.\-])"
NOT_AFTER = r"(?![A-Za-z0-9])"
# A number after one of these names a thing.
_THING = re.compile(
    rf"{either('things_numbered')}(?:\s*(?:番号|コード|no|number|nr|id|code|#))?[\s.:=：#|/()（）]*(?:は|が|is|was)?\s*$",
    re.IGNORECASE,
)
_MACHINE = re.compile(rf"{either('machines')}\s?$", re.IGNORECASE)
_BEFORE = 30


def of_a_thing(text: str, start: int) -> bool:
    """Whether the number that begins here is announced as a part's, an order's or a machine's."""
    before = text[max(0, start - _BEFORE) : start]
    return bool(_THING.search(before) or _MACHINE.search(before))
