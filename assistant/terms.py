"""The content terms of a text, by which a claim, its source and a question are compared. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from assistant.literals import literals
from ingestion.text import fold

_TERM = re.compile(r"[a-z0-9][a-z0-9._/-]*|[一-龯々ヵヶ]+|[ァ-ヴー]+")
_WORD = re.compile(_TERM.pattern, re.IGNORECASE)
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)$")
_COMMON = """
a about all also an and another any are as at be been but by can could did do does else for from had
has have how i if in into is it its many may me more most much must my no not of on one only or
other our out should so some such than that the their them then there these they this to too unless
up us use used using was we were what when where which while who why will with would you your
"""
_STOP = frozenset(_COMMON.split())
# Shorter katakana words stand inside anything.
_INSIDE = 3


def held_share(text: str, others: Sequence[str]) -> float:
    """Share of the text's content terms that the others hold: words, and pairs of neighbouring characters in kanji."""
    return held_share_of(content_terms(text), others)


def held_share_of(terms: AbstractSet[str], others: Sequence[str]) -> float:
    """Share of the terms that the others hold; a katakana word also inside a longer one, as パーミッション is."""
    there = set().union(*(terms_of(other, like=terms) for other in others))
    longer = " ".join(term for term in there if "ァ" <= term[0] <= "ー")
    held = [
        term for term in terms if term in there or (len(term) >= _INSIDE and "ァ" <= term[0] <= "ー" and term in longer)
    ]
    return len(held) / len(terms) if terms else 0.0


def terms_of(text: str, *, like: Iterable[str]) -> set[str]:
    """The text's content terms; its literals only where there are some among `like`.

    Looking for them takes five times as long as for words, and most questions have none.
    """
    return content_terms(text) if any(map(is_literal, like)) else _words(text)


@lru_cache(maxsize=50_000)
def _latin(run: str) -> frozenset[str]:
    """The words of a run such as debian-installer or modules.dep, without endings. Codes and numbers are literals."""
    words = (word for word in re.split(r"[^a-z0-9]+", run) if len(word) > 1 and word not in _STOP)
    return frozenset(_ENDING.sub("", word) for word in words if not any(char.isdigit() for char in word))


def content_terms(text: str) -> set[str]:
    """Content terms: words without endings, katakana words, kanji pairs, literals by their key."""
    return _words(text) | {f"{literal.kind}:{literal.key}" for literal in literals(text) if literal.kind != "quote"}


def is_literal(term: str) -> bool:
    """Whether the term is a literal's key: "quantity:8000 h"."""
    return ":" in term


def _words(text: str) -> set[str]:
    found: set[str] = set()
    for run in _TERM.findall(fold(text)):
        if run[0].isascii():
            found |= _latin(run)
        elif len(run) == 1 or "ァ" <= run[0] <= "ー":
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


def content_words(text: str) -> list[str]:
    """The words that carry the text, as they are written in it, each once: no particles, no "what", no 何時間."""
    found = (match[0].rstrip("._/-") for match in _WORD.finditer(unicodedata.normalize("NFKC", text)))
    return [word for word in dict.fromkeys(found) if len(word) > 1 and word[0] != "何" and content_terms(word)]


def stem_of(word: str) -> str:
    """The word, folded, without any ending: bearings and bearing are bear."""
    stem = fold(word)
    while (shorter := _ENDING.sub("", stem)) != stem:
        stem = shorter
    return stem
