"""Whether the cited sentences prove a sentence of the answer, and the numbers a reader sees. Pure.

A sentence is supported only if it cites, every literal in it stands in what it cites, nothing is denied that is
affirmed there (or the other way round), and its words and meaning are those of what it cites.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from assistant.calibration import Calibration
from assistant.literals import literals, missing
from assistant.negation import flips
from ingestion.text import fold, language_of

HELD = 0.50  # share of the sentence's content terms that the cited text holds
# A sentence without a mark may be given one by the server only where it all but repeats its source.
PROPOSED_HELD = 0.80
_TERM = re.compile(r"[a-z0-9][a-z0-9._/-]*|[一-龯々ヵヶ]+|[ァ-ヴー]+")
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "must",
        "not",
        "of",
        "on",
        "or",
        "should",
        "so",
        "such",
        "than",
        "that",
        "the",
        "their",
        "then",
        "there",
        "these",
        "this",
        "to",
        "use",
        "used",
        "using",
        "was",
        "were",
        "when",
        "which",
        "will",
        "with",
        "you",
        "your",
    ]
)
_WORD = re.compile(r"[a-z0-9]+|[\u3040-\u30ff\u4e00-\u9fff]{2}")
_BABBLE_WORDS = 9
_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
Closeness = Callable[[str, Sequence[str]], float]
"""The highest cosine between a text and any of the others; 0 where there is no other."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered sentence of a page: `text == page.text[start:end]`. `context` is what stands above it (headings)."""

    number: int
    document_id: UUID
    document_title: str
    revision_id: UUID
    revision_number: int
    page: int
    start: int
    end: int
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one sentence: supported where no reason speaks against it. `cited` are evidence numbers."""

    supported: bool
    cited: tuple[int, ...]
    reasons: tuple[dict[str, Any], ...]
    proposed: bool = False


def judge(
    text: str,
    numbers: Sequence[int],
    evidence: Sequence[Evidence],
    closeness: Closeness,
    calibration: Calibration,
    *,
    question: str = "",
) -> Judgement:
    """Check one sentence against what it cites; where that does not prove it, look for what it repeats.

    `question`: what the sentence answers. Its words need less proof when they come back in the answer.
    """
    by_number = {one.number: one for one in evidence}
    cited = [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]
    reasons: tuple[dict[str, Any], ...] = ({"check": "citation"},)
    if cited:
        reasons = (*_contradictions(text, cited), *_distance(text, cited, closeness, calibration))
    if not reasons:
        return Judgement(True, tuple(one.number for one in cited), ())
    # A small model forgets a mark or writes the wrong one; what the sentence repeats word for word still proves it.
    return _proposed(text, question, evidence, closeness, calibration) or Judgement(False, (), reasons)


def held_share(text: str, others: Sequence[str]) -> float:
    """Share of the text's content terms that the others hold: words, and pairs of neighbouring characters in kanji."""
    terms, there = content_terms(text), set().union(*(content_terms(other) for other in others))
    return len(terms & there) / len(terms) if terms else 0.0


@dataclass(slots=True)
class Numbering:
    """Numbers citations 1, 2, 3 … as sentences first use them; one evidence sentence keeps one number."""

    _given: dict[int, int] = field(default_factory=dict)

    def number(self, evidence_number: int) -> tuple[int, bool]:
        """(the number a reader sees, whether it is new)."""
        new = evidence_number not in self._given
        return self._given.setdefault(evidence_number, len(self._given) + 1), new


def _contradictions(text: str, cited: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Literals that are not there, and denials that are turned round."""
    texts = [one.text for one in cited]
    context = [f"{one.document_title}\n{one.context}" for one in cited]
    absent = [*missing(text, texts, context=context), *_strange_names(text, [*texts, *context])]
    found: list[dict[str, Any]] = [{"check": "literal", "missing": absent}] if absent else []
    turned = flips(text, "\n".join(texts))
    return [*found, {"check": "negation", "words": turned}] if turned else found


def _strange_names(text: str, there: Sequence[str]) -> list[str]:
    """Katakana words that do not stand there: a warranty of the pump proves nothing about the scanner."""
    joined = fold("\n".join(there))
    if language_of(joined) != "ja":
        return []
    return [word for word in dict.fromkeys(_KATAKANA.findall(text)) if fold(word) not in joined]


def _distance(
    text: str, cited: Sequence[Evidence], closeness: Closeness, calibration: Calibration, held: float = HELD
) -> list[dict[str, Any]]:
    """A reason where words or meaning are not those of the cited text. Across languages only the meaning counts."""
    if _babbles(text):
        return [{"check": "support", "words": 0.0}]
    texts = [one.text for one in cited]
    joined = "\n".join(texts)
    across = language_of(text) != language_of(joined)
    share = 1.0 if across else held_share(text, [*texts, *(one.context for one in cited)])
    if share < held:
        return [{"check": "support", "words": round(share, 2)}]
    cosine = closeness(text, texts if len(texts) == 1 else [*texts, joined])
    needed = calibration.close_across if across else calibration.close
    return [{"check": "support", "closeness": round(cosine, 3)}] if cosine < needed else []


def _proposed(
    text: str, question: str, evidence: Sequence[Evidence], closeness: Closeness, calibration: Calibration
) -> Judgement | None:
    """The evidence sentence a wrongly marked sentence repeats, if every stricter check agrees.

    Everything the sentence adds to the question must stand there, or nearly everything it says.
    """
    terms = content_terms(text)
    if len(terms) < 3 or not evidence:  # noqa: PLR2004 - "Yes, it is." repeats everything
        return None
    best = max(evidence, key=lambda one: len(terms & content_terms(one.text)))
    added = terms - content_terms(question)
    held = HELD if added and added <= content_terms(best.text) else PROPOSED_HELD
    stricter = replace(calibration, close=calibration.proposed)
    near = _distance(text, [best], closeness, stricter, held=held)
    if near or language_of(text) != language_of(best.text) or _contradictions(text, [best]):
        return None
    return Judgement(True, (best.number,), (), proposed=True)


def _babbles(text: str) -> bool:
    """Whether the text says the same few words over and over, as a small model does when it is lost."""
    words = _WORD.findall(fold(text))
    return len(words) >= _BABBLE_WORDS and len(set(words)) < len(words) / 3


def content_terms(text: str) -> set[str]:
    """Content terms: words without endings, katakana words, kanji pairs, literals by their key."""
    found = {f"{literal.kind}:{literal.key}" for literal in literals(text) if literal.kind != "quote"}
    for run in _TERM.findall(fold(text)):
        if run[0].isascii():
            if run not in _COMMON and not run[0].isdigit():
                found.add(re.sub(r"(?<=\w{3})(?:ing|ed|es|s|e)$", "", run))
        elif len(run) == 1 or "ァ" <= run[0] <= "ー":
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found
