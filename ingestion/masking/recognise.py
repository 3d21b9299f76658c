"""Personal data in a text, by all recognisers. A text in, spans out; neither settings nor rows."""

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from ingestion.masking.contacts import contacts
from ingestion.masking.dates import births
from ingestion.masking.names_en import latin_names
from ingestion.masking.names_ja import japanese_names
from ingestion.masking.numbers import numbers
from ingestion.masking.spans import Span, apart, key_of, level
from ingestion.models import PersonalData

Exceptions = Mapping[str, Collection[str]]
"""Kind → keys (ingestion.masking.spans.key_of) of what is no personal data of that kind."""


def find(text: str, kinds: Collection[str], exceptions: Exceptions | None = None) -> list[Span]:
    """The personal data of these kinds in the text, in order, without overlaps."""
    if not kinds or not text.strip():
        return []
    spared = exceptions or {}
    found = [
        span
        for span in _all(text)
        if span.kind in kinds and key_of(text[span.start : span.end]) not in spared.get(span.kind, ())
    ]
    return apart(text, sorted(found, key=_certainty))


def _all(text: str) -> Iterator[Span]:
    plain = level(text)
    return chain(contacts(plain), births(plain), numbers(plain), japanese_names(text), latin_names(text))


_ORDER = (
    *(PersonalData.EMAIL, PersonalData.LICENCE, PersonalData.PASSPORT, PersonalData.EMPLOYEE, PersonalData.ACCOUNT),
    *(PersonalData.MY_NUMBER, PersonalData.CARD, PersonalData.VEHICLE, PersonalData.BIRTH_DATE, PersonalData.PHONE),
    *(PersonalData.NAME, PersonalData.ADDRESS),
)


def _certainty(span: Span) -> tuple[int, int]:
    """What is said most surely first, and of one kind the longest first."""
    return _ORDER.index(span.kind), span.start - span.end
