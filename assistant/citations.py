"""Whether the cited sentences prove a sentence of the answer, and the numbers a reader sees. Pure.

A sentence is supported only if it cites, every literal in it stands in what it cites, nothing is denied that is
affirmed there (or the other way round), and its words and meaning are those of what it cites.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from assistant.calibration import Calibration
from assistant.literals import literals, missing
from assistant.negation import flips
from assistant.terms import content_terms, held_share, held_share_of
from ingestion.text import fold, language_of

HELD = 0.50  # share of the sentence's content terms that the cited text holds
# A sentence without a mark may be given one by the server only where it all but repeats its source.
PROPOSED_HELD = 0.80
# A source is quoted in a sentence's place where it holds so much of what the sentence adds to the question …
QUOTED_ADDED = 0.60
# … and so much of the question, with the headings above it.
QUOTED_ASKED = 0.34
# How many evidence sentences are compared with a question by their meaning: those that hold the most of its words.
_COMPARED = 6
_WORD = re.compile(r"[a-z0-9]+|[\u3040-\u30ff\u4e00-\u9fff]{2}")
# A line break between two wide characters stands for nothing.
_WRAP = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
_ANNOUNCES = re.compile(
    r"[:：]\W*$|以下の|次の(?:よう|とおり|通り|コマンド|手順)|下記|\b(?:following|as follows|below)\b", re.IGNORECASE
)
_BABBLE_WORDS = 9
_KANA = re.compile("[ぁ-ゖァ-ヶ]")
_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
# XFS, GnuCash, RAID10, P-101: a capital that no sentence's beginning explains says that a thing is named.
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
Closeness = Callable[[str, Sequence[str]], float]
"""The highest cosine between a text and any of the others; 0 where there is no other."""
Nearness = Callable[[Sequence[str]], Sequence[float]]
"""The cosine of each text to the question."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered sentence of a page: `text == page.text[start:end]`. `context` is what stands above it (headings).

    `stands_for`: words of the question that it says otherwise. They lead from the question to it and prove nothing.
    """

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
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one sentence: supported where no reason speaks against it. `cited` are evidence numbers.

    `proposed`: the server found the proof. `quoted`: what is proved is not the sentence but the source itself, whose
    words stand in its place.
    """

    supported: bool
    cited: tuple[int, ...]
    reasons: tuple[dict[str, Any], ...]
    proposed: bool = False
    quoted: bool = False


UNMARKED = Judgement(False, (), ({"check": "citation"},))


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
    reasons = UNMARKED.reasons
    if cited:
        reasons = (*_contradictions(text, cited), *_distance(text, cited, closeness, calibration))
    if not reasons:
        return Judgement(True, tuple(one.number for one in cited), ())
    # A small model forgets a mark or writes the wrong one; what the sentence repeats word for word still proves it.
    return (
        _proposed(text, question, evidence, closeness, calibration)
        or _quoted(text, question, evidence)
        or Judgement(False, (), reasons)
    )


def quotation(
    question: str, evidence: Sequence[Evidence], nearness: Nearness, calibration: Calibration
) -> Judgement | None:
    """The evidence that says what was asked for, to be quoted where nothing of what the model said is proved.

    It must be as close to the question as an answer is, hold its names, literals and a third of its words, and add
    something to them. What follows it is cited after it, where it announces that: each is quoted for itself.
    """
    terms = content_terms(question)
    shares = ((_share(terms, one), one) for one in evidence if _could_answer(question, terms, one))
    held = sorted((pair for pair in shares if pair[0] >= QUOTED_ASKED), key=lambda pair: -pair[0])
    able = [one for _, one in held[:_COMPARED]]
    near = nearness([one.text for one in able]) if able else []
    best = max(zip(near, able, strict=True), key=lambda pair: pair[0], default=None)
    if best is None or best[0] < calibration.asked:
        return None
    return Judgement(True, _with_what_follows(best[1], evidence), (), proposed=True, quoted=True)


def _with_what_follows(one: Evidence, evidence: Sequence[Evidence]) -> tuple[int, ...]:
    """The sentence, and the next on its page where it only announces that: "Run the following command:"."""
    following = [
        other.number
        for other in evidence
        if other.number == one.number + 1 and (other.revision_id, other.page) == (one.revision_id, one.page)
    ]
    return (one.number, *following) if _ANNOUNCES.search(one.text) else (one.number,)


def _could_answer(question: str, terms: set[str], one: Evidence) -> bool:
    there = _in_full(one)
    return (
        language_of(one.text) == language_of(question)
        and bool(content_terms(one.text) - terms)
        and not _absent(_names(question), there)
        and not missing(question, [there])
    )


def as_quotation(text: str) -> str:
    """The source's words on one line, in quotation marks of its language."""
    line = _WRAP.sub("", text)
    return f"「{line}」" if language_of(line) == "ja" else f"“{' '.join(line.split())}”"


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
    absent = [*missing(text, texts, context=context), *_strange_names(text, texts, context)]
    found: list[dict[str, Any]] = [{"check": "literal", "missing": absent}] if absent else []
    turned = flips(text, "\n".join(texts))
    return [*found, {"check": "negation", "words": turned}] if turned else found


def _strange_names(text: str, cited: Sequence[str], context: Sequence[str]) -> list[str]:
    """Names that do not stand there: a warranty of the pump proves nothing about the scanner, FAT's limit not XFS's."""
    # Of a source without any kana a Japanese answer has to write the names in katakana itself.
    japanese = any(_KANA.search(one) for one in cited)
    return _absent([*_names(text), *(_KATAKANA.findall(text) if japanese else [])], "\n".join([*cited, *context]))


def _absent(names: Sequence[str], there: str) -> list[str]:
    folded = fold(there)
    return [name for name in dict.fromkeys(names) if fold(name) not in folded]


def _names(text: str) -> list[str]:
    """Latin words with a capital that no sentence's beginning explains; in Japanese it never does."""
    found, english = [], language_of(text) == "en"
    for match in _NAME.finditer(unicodedata.normalize("NFKC", text)):
        word, before = match[0], text[: match.start()].rstrip(" \"'“‘(「*_`")
        begins = english and (not before or before[-1] in ".!?。！？:\n")
        if any(c.isupper() for c in word[1:]) or (word[0].isupper() and not begins):
            found.append(word)
    return found


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
    added = terms - content_terms(question)
    if len(terms) < 3 or not added or not evidence:  # noqa: PLR2004 - "Yes, it is." repeats everything
        return None  # what only repeats the question answers nothing
    best = max(evidence, key=lambda one: len(terms & content_terms(one.text)))
    held = HELD if added <= content_terms(best.text) else PROPOSED_HELD
    stricter = replace(calibration, close=calibration.proposed)
    near = _distance(text, [best], closeness, stricter, held=held)
    if near or language_of(text) != language_of(best.text) or _contradictions(text, [best]):
        return None
    return Judgement(True, (best.number,), (), proposed=True)


def _quoted(text: str, question: str, evidence: Sequence[Evidence]) -> Judgement | None:
    """The source of what the sentence says, to stand in its place: a small model finds better than it words.

    It must hold what the sentence adds to the question, every literal of that, and the question's own terms.
    """
    asked, said = content_terms(question), content_terms(text)
    added = said - asked
    if not added or _babbles(text):
        return None
    # A question of two parts is answered by two sentences, each of which has one part's words.
    of_this, about = (asked & said, text) if len(asked & said) > 1 else (asked, question)
    repeated = {literal.key for literal in literals(question)}
    new = {literal.text for literal in literals(text) if literal.key not in repeated}
    holding = [one for one in evidence if _holds(added, one) and new.isdisjoint(missing(text, [one.text]))]
    best = max(holding, key=lambda one: _share(of_this, one) + _share(added, one), default=None)
    if best is None or _share(of_this, best) < QUOTED_ASKED or _absent(_names(about), _in_full(best)):
        return None
    return Judgement(True, (best.number,), (), proposed=True, quoted=True)


def _holds(added: set[str], one: Evidence) -> bool:
    return len(added & content_terms(one.text)) >= QUOTED_ADDED * len(added)


def _share(terms: set[str], one: Evidence) -> float:
    """Share of the terms that the evidence holds with its title and the headings above it."""
    return held_share_of(terms, [_in_full(one)])


def _in_full(one: Evidence) -> str:
    """What a question is compared with: title, headings, text, and the question's words that it says otherwise."""
    return "\n".join([one.document_title, one.context, one.text, *one.stands_for])


def _babbles(text: str) -> bool:
    """Whether the text says the same few words over and over, as a small model does when it is lost."""
    words = _WORD.findall(fold(text))
    return len(words) >= _BABBLE_WORDS and len(set(words)) < len(words) / 3
