"""Spans of personal data in a text, and the text with them masked: character for character as long. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingestion.models import PersonalData
from ingestion.text import comparable

# No letter, no list marker, no term of a search, and nothing that a document's own text is likely to hold.
FILL = "█"
_LEVEL = dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-") | dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\u202f", " ")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) and what they are."""

    start: int
    end: int
    kind: PersonalData


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with these spans filled. Blanks stay, so that lines and columns stay what they are."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = [one if one.isspace() else FILL for one in text[span.start : span.end]]
    return "".join(characters)


def apart(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans in text order without overlaps; where two overlap, the earlier of the sequence keeps all of its own."""
    painted: list[int | None] = [None] * len(text)
    for number in range(len(spans) - 1, -1, -1):
        span = spans[number]
        painted[span.start : span.end] = [number] * (span.end - span.start)
    return list(_runs(text, spans, painted))


def _runs(text: str, spans: Sequence[Span], painted: Sequence[int | None]) -> Iterator[Span]:
    at = 0
    for number, run in groupby(painted):
        end = at + sum(1 for _ in run)
        if number is not None and text[at:end].strip():
            yield Span(at, end, spans[number].kind)
        at = end


def level(text: str) -> str:
    """The text in ASCII digits, letters, blanks and hyphens where it has such; every character keeps its place."""
    if text.isascii():
        return text
    return "".join(map(_levelled, text))


def _levelled(character: str) -> str:
    wide = _LEVEL.get(character) or unicodedata.normalize("NFKC", character)
    return wide if len(wide) == 1 else character


def key_of(text: str) -> str:
    """What an exception is compared by: spellings that read alike are one."""
    return "".join(comparable(text).split())
