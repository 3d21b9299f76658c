"""Templates and values become sentences whose personal data is known to the character. The same seed, the same set."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Literal

from ingestion.masking.evaluation import held_out, values
from ingestion.masking.evaluation.sentences import ENGLISH, JAPANESE
from ingestion.masking.spans import Span
from ingestion.models import PersonalData

SEED = 6
SENTENCES = 2400
HELD_OUT = 600
_PLACE = re.compile(r"\[(?:(?P<kind>\w+) )?(?P<value>\w+)\]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the personal data in it."""

    text: str
    language: Literal["ja", "en"]
    spans: tuple[Span, ...]


def generated(count: int = SENTENCES, *, seed: int = SEED) -> Iterator[Sentence]:
    """So many sentences, half of them Japanese, each template as often as any other of its language."""
    random = Random(seed)  # noqa: S311 - made sentences are no secret
    yield from (_made(one, "ja", random) for one in islice(cycle(JAPANESE), count // 2))
    yield from (_made(one, "en", random) for one in islice(cycle(ENGLISH), count - count // 2))


def generated_held_out(count: int = HELD_OUT, *, seed: int = SEED) -> Iterator[Sentence]:
    """The same of the templates that nothing was fitted to."""
    random = Random(seed)  # noqa: S311
    yield from (_made(one, "ja", random) for one in islice(cycle(held_out.JAPANESE), count // 2))
    yield from (_made(one, "en", random) for one in islice(cycle(held_out.ENGLISH), count - count // 2))


def _made(template: str, language: Literal["ja", "en"], random: Random) -> Sentence:
    text, at, spans = "", 0, []
    for place in _PLACE.finditer(template):
        text += template[at : place.start()]
        said = _value(place["value"], random)
        if place["kind"]:
            spans.append(Span(len(text), len(text) + len(said), PersonalData(place["kind"])))
        text, at = text + said, place.end()
    return Sentence(text + template[at:], language, tuple(spans))


def _value(name: str, random: Random) -> str:
    made: str = getattr(values, name)(random)
    return made
