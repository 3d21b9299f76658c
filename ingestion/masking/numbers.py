"""Numbers of persons: individual numbers, cards, accounts, licences, passports, vehicles, employees. Pure.

`text` is levelled (ingestion.masking.spans.level). What has a check digit is checked; what has none needs its words
before it.
"""

import re
from collections.abc import Iterator

from ingestion.masking.cues import NOT_AFTER, NOT_BEFORE, announced, of_a_thing
from ingestion.masking.spans import Span
from ingestion.masking.words import words
from ingestion.models import PersonalData

_END = rf"{NOT_AFTER}(?![.\-]\d)"
_DIGITS = re.compile(rf"{NOT_BEFORE}\d(?:[ \-]?\d){{10,18}}{_END}")
_MY_NUMBER = 12
_MY_NUMBER_WORDS = r"マイナンバー|個人番号|my\s?number|individual\snumber"
_GROUPED = re.compile(r"\d{4}([ \-])\d{4}\1\d{4}")
_CARD = re.compile(r"3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|4\d{12}(?:\d{3})?|(?:5[1-5]|2[2-7])\d{14}|6\d{15}")


def numbers(text: str) -> Iterator[Span]:
    """Every number of a person in a levelled text."""
    yield from _my_numbers(text)
    yield from _cards(text)
    yield from _accounts(text)
    yield from announced(text, _LICENCE_WORDS, _LICENCE, PersonalData.LICENCE)
    yield from announced(text, _PASSPORT_WORDS, _PASSPORT, PersonalData.PASSPORT)
    yield from _vehicles(text)
    yield from announced(text, _EMPLOYEE_WORDS, _EMPLOYEE, PersonalData.EMPLOYEE)


def is_my_number(digits: str) -> bool:
    """Whether twelve digits are an individual number by their check digit (Ordinance of MIC No. 85 of 2014, art. 5)."""
    if len(digits) != _MY_NUMBER:
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def is_card(digits: str) -> bool:
    """Whether the digits are a card's: a network's beginning and length, and Luhn's check digit."""
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return bool(_CARD.fullmatch(digits)) and sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004


def is_iban(text: str) -> bool:
    """Whether a text without blanks is an IBAN by its check digits (ISO 13616)."""
    turned = text[4:] + text[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def _my_numbers(text: str) -> Iterator[Span]:
    # Behind its own name it is one even where somebody mistyped it.
    yield from announced(text, _MY_NUMBER_WORDS, rf"\d{{4}}[ \-]?\d{{4}}[ \-]?\d{{4}}{_END}", PersonalData.MY_NUMBER)
    for match in _DIGITS.finditer(text):
        written = match[0].isdecimal() or _GROUPED.fullmatch(match[0])
        if written and is_my_number(re.sub(r"[ \-]", "", match[0])) and not of_a_thing(text, match.start()):
            yield Span(match.start(), match.end(), PersonalData.MY_NUMBER)


def _cards(text: str) -> Iterator[Span]:
    for match in _DIGITS.finditer(text):
        if is_card(re.sub(r"[ \-]", "", match[0])) and not of_a_thing(text, match.start()):
            yield Span(match.start(), match.end(), PersonalData.CARD)


_ACCOUNT_WORDS = (
    r"口座番号|口座no\.?|口座|普通預金|当座預金|普通|当座|貯蓄|振込先"
    r"|(?:bank\s)?account(?:\s(?:number|no\.?|nr\.?))?|acct\.?(?:\s(?:no\.?|#))?|a/c(?:\s(?:no\.?|number))?"
)
_ACCOUNT = rf"\d(?:[\- ]?\d){{5,15}}{_END}"
_YUCHO = re.compile(r"記号\s*[:：]?\s*(?P<sign>\d{5}(?:-\d)?)[\s、,/・]*番号\s*[:：]?\s*(?P<value>\d{6,8})(?!\d)")
_BRANCH = re.compile(r"(?:支店|出張所|本店|銀行|信用金庫|信金|農協)[^\n。]{0,12}?(?P<value>(?<!\d)\d{7}(?!\d))")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")


def _accounts(text: str) -> Iterator[Span]:
    yield from announced(text, _ACCOUNT_WORDS, _ACCOUNT, PersonalData.ACCOUNT)
    for match in _YUCHO.finditer(text):
        yield Span(match.start("sign"), match.end(), PersonalData.ACCOUNT)
    for match in _BRANCH.finditer(text):
        yield Span(match.start("value"), match.end("value"), PersonalData.ACCOUNT)
    for match in _IBAN.finditer(text):
        if is_iban(match[0].replace(" ", "")):
            yield Span(match.start(), match.end(), PersonalData.ACCOUNT)


_LICENCE_WORDS = (
    r"運転免許証?(?:の?番号|no\.?)?|免許証(?:の?番号|no\.?)?|免許番号"
    r"|(?:driver'?s?|driving)[ \-]?licen[cs]e(?:\s(?:number|no\.?))?|\bDL(?:\s(?:number|no\.?))"
)
_LICENCE = rf"第?\d(?:[ \-]?\d){{11}}(?!\d)号?|(?=(?:[A-Z\- ]*\d){{4}})[A-Z0-9](?:-?[A-Z0-9]){{5,17}}{NOT_AFTER}"
_PASSPORT_WORDS = r"旅券(?:の?番号|no\.?)?|パスポート(?:の?番号|no\.?)?|passport(?:\s(?:number|no\.?|#))?"
_PASSPORT = rf"[A-Z]{{1,2}} ?\d{{6,8}}{NOT_AFTER}|\d{{9}}{NOT_AFTER}"
_EMPLOYEE_WORDS = (
    r"(?:社員|従業員|職員|行員|作業者|スタッフ)(?:番号|id|コード|no\.?|№)"
    r"|(?:employee|staff|personnel|payroll|badge|worker)\s?(?:number|no\.?|id|code|#)"
)
_EMPLOYEE = rf"(?=[A-Z\-]*\d)[A-Z0-9](?:-?[A-Z0-9]){{2,11}}{NOT_AFTER}"
_PLATE = re.compile(
    r"(?P<value>[一-龠々ァ-ヶぁ-ん]{1,4} ?(?:\d[0-9A-Z]{1,2}|\d) ?[ぁ-んA-Z]"
    r" ?[・.]{0,3}(?:\d{1,2}-\d{2}|\d{1,4}))(?![\d\-])"
)
_PLATE_WORDS = (
    r"(?:(?:license|licence|number|registration|vehicle)\s?plate|(?:vehicle|car)\sregistration)(?:\s(?:number|no\.?))?"
    r"|\breg\.?\s?(?:no\.?|number)|車両番号|車番|ナンバープレート"
)
_PLATE_VALUE = r"(?=[A-Z \-]*\d)[A-Z0-9]{1,4}(?:[ \-]?[A-Z0-9]{2,4}){1,2}(?![A-Za-z0-9\-])"
# Where vehicles are registered; "図 3 あ 12" has no such beginning.
_OFFICES = words("vehicle_offices")
_PLACE = re.compile(r"[^\d\s]+")


def _vehicles(text: str) -> Iterator[Span]:
    yield from announced(text, _PLATE_WORDS, _PLATE_VALUE, PersonalData.VEHICLE)
    for match in _PLATE.finditer(text):
        place = _PLACE.match(match["value"])
        name = place[0] if place else ""
        office = next((name[cut:] for cut in range(len(name)) if name[cut:] in _OFFICES), None)
        if office is not None:
            yield Span(match.start("value") + len(name) - len(office), match.end("value"), PersonalData.VEHICLE)
