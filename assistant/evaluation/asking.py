"""One question through what users get, `retrieve` and `run_turn`, and what became of it as JSON keeps it.

An outcome: pages (found, best first, each once), confidence (the best passage's cosine), answer, abstained,
sentences [{text, supported, reasons, cited: [page]}], withheld (how many more were written and not shown), timings,
right (or None). Without an answer model only the pages.
"""

from collections.abc import Sequence
from contextlib import aclosing
from time import perf_counter
from typing import Any

from asgiref.sync import sync_to_async

from assistant.evaluation.golden import Question
from assistant.evaluation.places import Places
from assistant.evaluation.scores import hit_at, is_correct
from assistant.llm import AnswerModel
from assistant.retrieval import Passage, retrieve
from assistant.turn import CitationReady, Done, Passages, SentenceDone, run_turn
from ingestion.access import Scope

DEPTH = 20  # passages asked for, so that ten different pages are among them
HIT = 5  # without an answer, a question went right where evidence is among the first so many pages
Outcome = dict[str, Any]


async def asked(question: Question, *, scope: Scope, places: Places, model: AnswerModel | None) -> Outcome:
    """Ask it. Raises ModelUnavailable, EmbedderUnavailable, IndexUnavailable."""
    answer = await _answered(question, scope, places, model) if model else {}
    # After the answer: what the first search leaves in memory must not quicken the one that is timed.
    found = await sync_to_async(searched)(question, scope=scope, places=places)
    outcome = {**found, **answer}
    return {**outcome, "right": right(question, outcome)}


def searched(question: Question, *, scope: Scope, places: Places) -> Outcome:
    """The pages that `retrieve` finds. Raises EmbedderUnavailable, IndexUnavailable."""
    started = perf_counter()
    passages = retrieve(question.text, scope=scope, limit=DEPTH)
    milliseconds = round((perf_counter() - started) * 1000, 1)
    return {
        "pages": _pages(passages, places),
        "confidence": _confidence(passages),
        "timings": {"retrieve_ms": milliseconds},
    }


async def _answered(question: Question, scope: Scope, places: Places, model: AnswerModel) -> Outcome:
    cited: dict[int, str] = {}
    sentences: list[dict[str, Any]] = []
    outcome: Outcome = {"withheld": 0}
    async with aclosing(run_turn(question.text, scope=scope, model=model)) as events:
        async for event in events:
            match event:
                case Passages():
                    outcome["confidence"] = _confidence(event.passages)
                case CitationReady():
                    cited[event.number] = places.page(event.evidence.document_id, event.evidence.page)
                case SentenceDone(withheld=True):
                    outcome["withheld"] += 1
                case SentenceDone():
                    sentences.append(_sentence(event, cited))
                case Done():
                    outcome |= _ended(event, sentences)
    return outcome


def _sentence(event: SentenceDone, cited: dict[int, str]) -> dict[str, Any]:
    return {
        "text": event.gap + event.text,
        "supported": event.supported,
        "reasons": list(event.reasons),
        "cited": list(dict.fromkeys(cited[number] for number in event.citations)),
    }


def _ended(event: Done, sentences: list[dict[str, Any]]) -> Outcome:
    """What a user sees in the end: where it abstains, the sentences were withdrawn."""
    shown = [] if event.abstained else sentences
    return {
        "answer": "".join(sentence["text"] for sentence in shown).strip(),
        "abstained": event.abstained,
        "sentences": shown,
        "timings": dict(event.timings),
    }


def right(question: Question, outcome: Outcome) -> bool | None:
    """Whether it went as expected: refused, or the expected words said, or an expected page cited; else found.

    None where nothing was answered and no page was to be found.
    """
    if "abstained" not in outcome:
        return hit_at(outcome["pages"], question.evidence, HIT) == 1 if question.evidence else None
    if not question.answerable or outcome["abstained"]:
        return bool(outcome["abstained"]) and not question.answerable
    if question.expect:
        return is_correct(outcome["answer"], question.expect)
    cited = [page for sentence in outcome["sentences"] for page in sentence["cited"]]
    return bool(question.evidence) and hit_at(cited, question.evidence, len(cited)) == 1


def _pages(passages: Sequence[Passage], places: Places) -> list[str]:
    return list(dict.fromkeys(places.page(passage.document_id, passage.page) for passage in passages))


def _confidence(passages: Sequence[Passage]) -> float:
    return round(max((passage.similarity for passage in passages), default=0.0), 4)
