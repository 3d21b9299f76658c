"""Where a person is reached: e-mail, telephone, address. Pure; `text` is levelled."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ingestion.masking.cues import announced, of_a_thing
from ingestion.masking.spans import Span
from ingestion.masking.words import either
from ingestion.models import PersonalData

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?<![A-Za-z0-9_.+\-])[A-Za-z0-9][A-Za-z0-9_.+\-]{{0,63}}@(?:{_LABEL}\.){{1,8}}[A-Za-z]{{2,24}}")
_PHONE_WORDS = (
    r"電話番号|電話|携帯番号|携帯|連絡先|直通|緊急連絡先|fax番号|ファックス|ファクス|℡"
    r"|(?<![A-Za-z])(?:fax|tel(?:ephone)?|phone|mobile|cell|hotline|call|dial)"
)
_BARE_PHONE = r"\+?\(?\d(?:[ \-.()]{0,2}\d){8,13}(?![A-Za-z0-9\-])"
_EXTENSION_WORDS = r"内線番号|内線|extension|\bext\.?"
# An extension of 120 mm is a rod's.
_EXTENSION = r"\d{2,6}(?![A-Za-z0-9\-%℃°])(?!\.\d)(?!\s?(?:mm|cm|m|kg|%|V|A|W|N|bar|MPa|h|s|min)\b)"
# What Japan and the countries that write like the United States and Britain have in common with no part number.
_REGIONS = ("JP", "US", "GB")
_SEPARATED = re.compile(r"\+?[\d(][\d()]*(?:[ \-.()]+\d+){1,5}")


def contacts(text: str) -> Iterator[Span]:
    """Every e-mail address, telephone number and postal address in a levelled text."""
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), PersonalData.EMAIL)
    yield from announced(text, _PHONE_WORDS, _BARE_PHONE, PersonalData.PHONE)
    yield from announced(text, _EXTENSION_WORDS, _EXTENSION, PersonalData.PHONE)
    yield from _phones(text)
    yield from _addresses(text)


def _phones(text: str) -> Iterator[Span]:
    """Numbers that a numbering plan knows, written in groups as telephone numbers are."""
    if not any(character.isdigit() for character in text):
        return
    matcher, leniency = _library()
    for region in _REGIONS:
        for match in matcher(text, region, leniency=leniency):
            told = _SEPARATED.fullmatch(match.raw_string) and not _inside_a_code(text, match.start, match.end)
            if told and not of_a_thing(text, match.start):
                yield Span(match.start, match.end, PersonalData.PHONE)


def _inside_a_code(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (before.isascii() and before.isalnum()) or (before in "-./#" and bool(before)) or after == "-"


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    import phonenumbers

    return phonenumbers.PhoneNumberMatcher, phonenumbers.Leniency.VALID


_JA = r"[一-龠々ヶケァ-ヺーぁ-ん]"
_TOWN_JA = rf"(?:{_JA}{{1,7}}?[市区郡町村])"
_NUMBERED = r"\d{1,4}(?:丁目?|条|番地|番|号|-)(?:[の東西南北]?\d{1,4}(?:丁目?|番地|番|号|-|の)?){0,3}"
_NAMED = r"[A-Za-z一-龠々ァ-ヺー・]"
_ROOM = r"\d{1,4}(?:号室|階|F)"
_BUILDING = (
    rf"(?:[ ]?{_NAMED}{{2,16}}?(?:ビル|マンション|荘|館|棟)[A-Za-z]?[ ]?(?:{_ROOM}?)?"
    rf"|[ ]{_NAMED}{{0,16}}[ ]?\d{{2,4}}(?:号室|階|F)?(?![\d年月日]))?"
)
_PLACE_JA = rf"(?:{either('prefectures')}[ ]?{_TOWN_JA}{{0,3}}|{_TOWN_JA}{{1,3}})"
_JA_ADDRESS = re.compile(rf"(?:〒 ?\d{{3}}-?\d{{4}}[ ]?)?{_PLACE_JA}[ ]?{_JA}{{0,12}}?[ ]?{_NUMBERED}{_BUILDING}")
_POSTCODE = re.compile(rf"〒 ?\d{{3}}-?\d{{4}}(?:[ ]?{either('prefectures')}[^\s、。,]{{0,40}})?")
_WORD = r"[A-Z][A-Za-z'\-]*"
_TOWN = r"[A-Z][a-z'\-]+(?![0-9])"
_POSTAL = r"(?:[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{3}-\d{4}|\d{5}(?:-\d{4})?)"
_UNIT = r"(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Floor)\.? ?#?\w{1,5}"
_PLACES = rf"(?:,? ?{_UNIT})?(?:, ?{_TOWN}(?: {_TOWN}){{0,2}}){{0,3}}(?:,? {_POSTAL})?"
_NUMBERED_LINE = re.compile(r"[^\n]*\d[^\n]*")
_ALONE = r"(?<![A-Za-z0-9\-.])"
_STREET = rf"(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))(?: {_WORD}){{0,3}}? {either('streets')}\b\.?"
_BLOCK = r"\d{1,3}-\d{1,3}(?:-\d{1,3})?,? [A-Z][a-z]+(?:-[A-Za-z]+){0,3}"
_WARD = r"[A-Z][a-z]+(?:-(?:ku|shi|cho|machi|gun|ken|fu|to))?(?: City)?"
_EN_ADDRESS = re.compile(
    rf"(?:{_UNIT}, )?{_ALONE}\d{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?{_STREET}{_PLACES}"
    rf"|{_ALONE}{_BLOCK}(?:, ?{_WARD}){{1,3}}(?:,? {_POSTAL})?"
    rf"|\bP\.? ?O\.? Box \d{{1,6}}{_PLACES}"
)


def _addresses(text: str) -> Iterator[Span]:
    for line in _NUMBERED_LINE.finditer(text):
        for pattern in (_JA_ADDRESS, _POSTCODE, _EN_ADDRESS):
            for match in pattern.finditer(text, *line.span()):
                yield Span(match.start(), match.end(), PersonalData.ADDRESS)
