"""Dates of birth: a date is one only where words say so. Pure; `text` is levelled."""

import re
from collections.abc import Iterator

from ingestion.masking.cues import announced
from ingestion.masking.spans import Span
from ingestion.models import PersonalData

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?:(?:明治|大正|昭和|平成|令和|[MTSHR])\.? ?(?:\d{1,2}|元)|(?:19|20)\d{2})"
DATE = (
    rf"{_YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?日"
    rf"|{_YEAR}[./\-]\d{{1,2}}[./\-]\d{{1,2}}"
    r"|\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d{2}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? (?:19|20)\d{{2}}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|\d{{1,2}} ?月 ?\d{{1,2}} ?日|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b"
)
_WORDS = r"生年月日|誕生日|生年|出生日|date\sof\sbirth|birth\s?date|birthday|\bd\.?o\.?b\.?|\bborn(?:\son)?"
_BORN = re.compile(
    rf"(?P<value>{DATE})(?: ?[(（][^()（）\n]{{1,12}}[)）])? ?(?:に)?(?:生まれ|生れ|出生|誕生|生(?![一-龠ぁ-ん]))",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[Span]:
    """Every date of birth in a levelled text."""
    yield from announced(text, _WORDS, DATE, PersonalData.BIRTH_DATE)
    for match in _BORN.finditer(text):
        yield Span(match.start("value"), match.end("value"), PersonalData.BIRTH_DATE)
