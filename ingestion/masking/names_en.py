"""Names of persons in Latin letters: a title or a form's words before them, or a given name that is known.

The lists are those of Faker (names of a dozen countries) and of japanese-personal-name-dataset (romanised).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module

from ingestion.masking.spans import Span
from ingestion.masking.words import either, words
from ingestion.models import PersonalData

_LOCALES = (
    *(
        "en_US",
        "en_GB",
        "en_IN",
        "en_IE",
        "en_NZ",
        "en_NG",
        "de_DE",
        "fr_FR",
        "es_ES",
        "es_MX",
        "it_IT",
        "nl_NL",
        "pt_BR",
        "pt_PT",
        "pl_PL",
    ),
    *("sv_SE", "da_DK", "no_NO", "fi_FI", "cs_CZ", "hr_HR", "ro_RO", "hu_HU", "id_ID", "vi_VN"),
)
_LEAST_LETTERS = 3
_UP = r"A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪŁŃŇŌŘŚŞŠŤŪŮŹŻŽ"
_LOW = r"a-zß-öø-ÿāăąćčďđēęěğīłńňōřśşšťūůźżž"
_PLAIN = rf"(?:(?:O|D|L)['’])?[{_UP}][{_LOW}]+(?:[-'’][{_UP}]?[{_LOW}]+)*"
_WORD = rf"(?:{_PLAIN}|(?:Mc|Mac|De|Di|Van|Von|La|Le)[{_UP}][{_LOW}]+|[{_UP}]{{3,}})"
_SMALL = r"(?:van|von|de|der|den|da|di|del|la|le|bin|al|el|ten|ter)"
_INITIAL = rf"[{_UP}]\."
_MORE = rf"(?: (?:{_SMALL} ){{0,2}}(?:{_WORD}|{_INITIAL})){{0,2}}"
_TITLE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Messrs)\.? (?P<value>(?:{_INITIAL} ?){{0,2}}{_WORD}{_MORE})(?![\w-])"
)
_FORM = re.compile(
    rf"\b(?i:{either('form_words_en')})(?: ?[:：=/|\t]+ ?|,? |,?\n)"
    rf"(?P<value>{_WORD}(?:,? (?:{_INITIAL} ?|{_SMALL} ){{0,2}}{_WORD}){{1,2}})(?![\w-])"
)
_FIRM = either("firms_en")
_FULL = re.compile(
    rf"(?<![\w-])(?P<first>{_WORD})(?P<more>(?: (?:{_INITIAL}|{_SMALL})){{0,2}}) (?P<last>{_WORD})"
    rf"(?![\w-])(?!,? {_FIRM})"
)
_TURNED = re.compile(rf"(?<![\w-])(?P<last>{_WORD}), (?P<first>{_WORD})(?: {_INITIAL})?(?![\w-])")
# Given names that are words, months, places or firms too: with a known surname only.
_WORDS_TOO = words("given_names_too")
# A capital that begins a sentence or a heading: none of these is a surname.
_NO_SURNAME = words("no_surnames")


def latin_names(text: str) -> Iterator[Span]:
    """Every name in Latin letters that is told as a person's."""
    for pattern in (_TITLE, _FORM):
        for match in pattern.finditer(text):
            if pattern is _TITLE or _plausible(match["value"]):
                yield Span(match.start("value"), match.end("value"), PersonalData.NAME)
    yield from _full_names(text)
    for match in _TURNED.finditer(text):
        first, last = match["first"].lower(), match["last"].lower()
        if _given(first) and (last in family_names() or last in romanised()[1]) and first not in _WORDS_TOO:
            yield Span(match.start(), match.end(), PersonalData.NAME)


def _full_names(text: str) -> Iterator[Span]:
    at = 0
    while match := _FULL.search(text, at):
        at = match.start("last")
        if _is_person(match["first"], match["last"]):
            at = match.end()
            yield Span(match.start(), match.end(), PersonalData.NAME)


def _is_person(first: str, last: str) -> bool:
    """Given name and surname; or, as in Japan, the other way round."""
    one, other = first.lower(), last.lower()
    if one in _NO_SURNAME or (_is_word(other) and (one in _WORDS_TOO or other not in family_names())):
        return False
    given, family = romanised()
    if _long_vowels(one) in family and _long_vowels(other) in given:
        return True
    if first.isupper() and last.isupper():  # a heading
        return False
    known = other in family_names() or _long_vowels(other) in family
    if one in _WORDS_TOO or len(one) < _LEAST_LETTERS:
        return known and one in given_names()
    if one in given_names():
        return True
    # "Ryo", "Ken", "Aoi": short ones only before a Japanese surname.
    return known and _long_vowels(one) in given and (len(one) > _LEAST_LETTERS or _long_vowels(other) in family)


def _is_word(word: str) -> bool:
    return word in _NO_SURNAME or word.removesuffix("s") in _NO_SURNAME


def _given(word: str) -> bool:
    return word in given_names() or _long_vowels(word) in romanised()[0]


def _plausible(value: str) -> bool:
    """Whether what a form announces is a name and not a department: no word of it is one that no surname is."""
    words = re.findall(rf"[{_UP}{_LOW}'’-]+", value)
    return not any(_is_word(word.lower()) for word in words) and not value.isupper()


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names of the listed countries, in small letters."""
    return frozenset(_listed("first_names"))


@lru_cache(maxsize=1)
def family_names() -> frozenset[str]:
    """Surnames of the listed countries, in small letters."""
    return frozenset(_listed("last_names"))


def _listed(attribute: str) -> Iterator[str]:
    for locale in _LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        yield from (name.lower() for name in getattr(provider, attribute) if len(name) >= _LEAST_LETTERS)


@lru_cache(maxsize=1)
def romanised() -> tuple[frozenset[str], frozenset[str]]:
    """Japanese given names and surnames in Latin letters, long vowels written short."""
    from japanese_personal_name_dataset import load_dataset

    men, women, families = load_dataset(include_last_names=True)
    given = {_long_vowels(entry["en"]) for names in (men, women) for entry in names.values()}
    family = {_long_vowels(entry["en"]) for entry in families.values()}
    return (
        frozenset(name for name in given if len(name) >= _LEAST_LETTERS) - _WORDS_TOO,
        frozenset(name for name in family if len(name) >= _LEAST_LETTERS) - _WORDS_TOO,
    )


def _long_vowels(word: str) -> str:
    """Sato, Satou, Satoh, Satō: one spelling."""
    word = word.lower().translate(str.maketrans("āīūēō", "aiueo"))
    return re.sub(r"o[uh](?![aiueo])", "o", re.sub(r"uu", "u", re.sub("oo", "o", word)))
