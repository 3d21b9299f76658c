"""How much of what a question says a text says too: in its own language, or in the other by the lexicon."""

from collections import defaultdict
from dataclasses import dataclass

from assistant.terms import content_terms, held_among, is_literal, terms_of
from ingestion.lexicon import renderings
from ingestion.text import Language, language_of, other_language

Terms = frozenset[str]


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's content terms, and per word the terms of each way to say it in the other language."""

    language: Language
    terms: Terms
    others: tuple[tuple[Terms, ...], ...]

    def share_in(self, text: str) -> float:
        """Share of the question's terms that the text holds; of its words, where the text is in the other language."""
        there = terms_of(text, like=self.terms)
        own = held_among(self.terms, there)
        if language_of(text) == self.language or not self.others:
            return own
        return max(own, sum(any(said <= there for said in word) for word in self.others) / len(self.others))


def wording_of(question: str) -> Wording:
    """What of a question is looked for in the texts that are found for it."""
    language, terms = language_of(question), frozenset(content_terms(question))
    said: dict[str, list[Terms]] = defaultdict(list)
    for one in renderings(question, other_language(language)):
        if rendered := frozenset(terms_of(one.other, like=())):
            said[one.word].append(rendered)
    # Codes and numbers, and in a Japanese question Latin words, are written alike in both.
    alike = [term for term in sorted(terms) if is_literal(term) or (language == "ja" and term.isascii())]
    return Wording(language, terms, (*map(tuple, said.values()), *((frozenset([term]),) for term in alike)))
