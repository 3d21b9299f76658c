"""What a question's words are called in the other language, by a bilingual dictionary on this machine's disk.

A question is cut into the longest words that the dictionary has. Inflected Japanese is looked up by its dictionary
forms, English by its stem.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

from django.conf import settings

from config.portfolio import model_named
from ingestion.jmdict import EACH, TABLE, WORDS_OF_A_PHRASE, keys_of
from ingestion.text import KANJI, Language, fold, other_language

# Characters of a Japanese word: longer entries are sayings.
_LONGEST = 12
# Renderings of the word as it stands; those of its stem come after them.
_FOREMOST = 6
# How much less each further rendering says. Japanese words have their meanings in order, English ones do not.
_FALLING = {"ja": 1.0, "en": 0.0}

_JAPANESE = re.compile(f"[{KANJI}ヵヶ]+[ぁ-ゖ]*|[ァ-ヴー]{{2,}}")
_ENGLISH = re.compile("[a-z]+")
_HIRAGANA = re.compile("[ぁ-ゖ]+")
# What a verb's or adjective's ending in the question is in the dictionary: 消し, 消せ → 消す; 使っ → 使う; 重く → 重い.
_ENDINGS = {
    **dict.fromkeys("わえおい", "う"), **dict.fromkeys("かきけこ", "く"), **dict.fromkeys("がぎげご", "ぐ"),
    **dict.fromkeys("さしせそ", "す"), **dict.fromkeys("たちてと", "つ"), **dict.fromkeys("なにねの", "ぬ"),
    **dict.fromkeys("ばびべぼ", "ぶ"), **dict.fromkeys("まみめも", "む"), **dict.fromkeys("らりれろ", "る"),
    "っ": "うつる", "ん": "むぶぬ", "い": "うく", "く": "い", "か": "くい",
}  # fmt: skip
# Words that carry no meaning alone, and would bring と, は and が.
_COMMON = """
a about an and any are as at be been by can could did do does for from had has have how i if in into is it its me my no
not of on or our out should so some such than that the their them then there these they this to up us was we were what
when where which while who whose why will with would you your
"""
_FUNCTION = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Rendering:
    """A word as it stands in the question, what may stand in its place, and how likely that is (0 to 1)."""

    word: str
    other: str
    weight: float = 1.0


def renderings(text: str, into: Language) -> list[Rendering]:
    """What the text's words are called in that language, in their order. None where no dictionary is installed."""
    path = settings.MODELS_DIR / model_named("jmdict-en", "lexicon").path / TABLE
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as table:
        said = _Said(table, other_language(into))
        found = _of_japanese(text, said) if into == "en" else _of_english(text, said)
        return [one for word, others in found for one in said.weighed(word, others)]


@dataclass(frozen=True, slots=True)
class _Said:
    """What the dictionary says of words of one language."""

    table: sqlite3.Connection
    language: Language

    def of(self, *words: str) -> list[str]:
        """What the first of these ways to write a word that it has is called in the other language, best first."""
        for word in words:
            lists = [self._told(key) for key in keys_of(word, self.language)]
            if any(lists):
                foremost = chain.from_iterable(told[:_FOREMOST] for told in lists)
                return list(dict.fromkeys([*foremost, *chain.from_iterable(lists)]))[:EACH]
        return []

    def _told(self, key: str) -> list[str]:
        asked = "SELECT other FROM word WHERE language = ? AND key = ? ORDER BY rank"
        return [other for (other,) in self.table.execute(asked, (self.language, key))]

    def weighed(self, word: str, others: list[str]) -> Iterator[Rendering]:
        """The first rendering weighs 1."""
        for rank, other in enumerate(others, start=1):
            yield Rendering(word, other, rank ** -_FALLING[self.language])


def _of_japanese(text: str, said: _Said) -> Iterator[tuple[str, list[str]]]:
    for run in _JAPANESE.findall(fold(text)):
        start = 0
        while start < len(run):
            for end in range(min(len(run), start + _LONGEST), start, -1):
                if others := said.of(*_dictionary_forms(run[start:end])):
                    yield run[start:end], others
                    break
            start = max(end, start + 1)


def _dictionary_forms(word: str) -> list[str]:
    """The word, and what it may be an inflected form of. None of hiragana alone: what is left of a run is grammar."""
    if _HIRAGANA.fullmatch(word):
        return []
    ending = _ENDINGS.get(word[-1], "") if len(word) > 1 else ""
    return [word, *(word[:-1] + last for last in ending), *([word + "る"] if ending else [])]


def _of_english(text: str, said: _Said) -> Iterator[tuple[str, list[str]]]:
    words = _ENGLISH.findall(fold(text))
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + WORDS_OF_A_PHRASE), start, -1):
            phrase = words[start:end]
            if not _FUNCTION.intersection((phrase[0], phrase[-1])) and (others := said.of(" ".join(phrase))):
                yield " ".join(phrase), others
                break
        start = max(end, start + 1)
