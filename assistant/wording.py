"""How much of what a question says a text says too: in its own language, or in the other by the lexicon."""

import re
from collections import defaultdict
from collections.abc import Collection
from functools import cached_property

from assistant.terms import content_terms, is_literal, terms_of
from ingestion.lexicon import renderings
from ingestion.text import fold, language_of, other_language

Terms = frozenset[str]
# What may follow a word of which `content_terms` has the beginning.
_ENDING = "(?:ing|ed|es|s|e)?"
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*")


class Wording:
    """A question's content terms, to be looked for in the texts that are found for it."""

    def __init__(self, question: str) -> None:
        """Other languages are looked into once a text is in one."""
        self._question = question
        self._language = language_of(question)
        self._terms = frozenset(content_terms(question))
        self._own = _Wanted(self._terms, question)

    def share_in(self, text: str) -> float:
        """Share of the question's terms that the text holds; of its words, where the text is in the other language."""
        if not self._terms:
            return 0.0
        own = len(self._own.found_in(text)) / len(self._terms)
        if language_of(text) == self._language or not self._others:
            return own
        there = self._other.found_in(text)
        return max(own, sum(any(said <= there for said in word) for word in self._others) / len(self._others))

    @cached_property
    def _others(self) -> tuple[tuple[Terms, ...], ...]:
        """Per word the terms of each way to say it in the other language."""
        said: dict[str, list[Terms]] = defaultdict(list)
        for one in renderings(self._question, other_language(self._language)):
            if rendered := frozenset(terms_of(one.other, like=())):
                said[one.word].append(rendered)
        # Codes and numbers, and in a Japanese question Latin words, are written alike in both.
        alike = [one for one in sorted(self._terms) if is_literal(one) or (self._language == "ja" and one.isascii())]
        return (*map(tuple, said.values()), *((frozenset([one]),) for one in alike))

    @cached_property
    def _other(self) -> "_Wanted":
        return _Wanted(frozenset().union(*(said for word in self._others for said in word)), self._question)


class _Wanted:
    """Terms to look for in texts: a fraction of the time that listing all terms of each text takes."""

    def __init__(self, terms: Terms, question: str) -> None:
        """`question`: whose literals stand among the terms."""
        self._literals = frozenset(filter(is_literal, terms))
        self._numbers = _numbers(fold(question))
        words = [term for term in terms - self._literals if term.isascii()]
        self._inside = [term for term in terms - self._literals if not term.isascii()]
        self._words = _pattern(words) if words else None

    def found_in(self, text: str) -> set[str]:
        """Those of the terms that the text holds."""
        folded = fold(text)
        found = {term for term in self._inside if term in folded}
        if self._words:
            found.update(self._words.findall(folded))
        # Looking for literals takes ten times as long as for words. What has none of the question's numbers is taken to
        # have none of its literals: to rank, 250 cm need not be 2.5 m.
        if self._literals and not self._numbers.isdisjoint(_numbers(folded)):
            found |= self._literals & content_terms(text)
        return found


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![a-z0-9])({'|'.join(map(re.escape, longest_first))}){_ENDING}(?![a-z0-9])")


def _numbers(folded: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(folded)}
