"""What Prometheus is told of the conversation: questions by outcome, sentences by verdict, time by stage.

Counts and times only: no label carries the name of a person, a library or a document.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Protocol, TypeVar

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a sample per series that nobody reads
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80)
QUESTIONS = Counter("tenkyo_questions", "Questions by how they ended.", ["outcome"])
SENTENCES = Counter("tenkyo_sentences", "Sentences of answers by verdict; withheld ones are unsupported.", ["verdict"])
ERRORS = Counter("tenkyo_answer_errors", "Answers that failed, by error code.", ["code"])
STAGES = Histogram("tenkyo_turn_seconds", "Time of a question's stages.", ["stage"], buckets=_BUCKETS)
SEARCHES = Histogram("tenkyo_search_seconds", "Time of a search through the API.", buckets=_BUCKETS)
ANSWERING = Gauge("tenkyo_answers_running", "Answers that are being written.", multiprocess_mode="livesum")
WAITING = Gauge("tenkyo_answers_waiting", "Questions that stand in line.", multiprocess_mode="livesum")
# Told from the start, so that a rate has something to start from.
for _outcome in ("answered", "abstained", "failed", "stopped", "refused"):
    QUESTIONS.labels(_outcome)
for _verdict in ("supported", "unsupported", "withheld"):
    SENTENCES.labels(_verdict)


class Event(Protocol):
    """An answer's event, as services.AskEvent."""

    @property
    def name(self) -> str:
        """passages, token, sentence, citation, done, error."""

    @property
    def data(self) -> dict[str, Any]:
        """What it says."""


AnEvent = TypeVar("AnEvent", bound=Event)


async def counted(events: AsyncGenerator[AnEvent, None]) -> AsyncGenerator[AnEvent, None]:
    """The same events, counted once each answer has ended, however it ended."""
    # Refused before the first event: an unknown conversation, an empty question.
    outcome, if_it_raises = "stopped", "refused"
    try:
        async with aclosing(events):
            async for event in events:
                outcome, if_it_raises = _outcome_after(event) or outcome, "failed"
                yield event
    except Exception:
        outcome = if_it_raises
        raise
    finally:
        QUESTIONS.labels(outcome).inc()


def _outcome_after(event: Event) -> str | None:
    if event.name == "sentence":
        SENTENCES.labels(event.data["verdict"]).inc()
    if event.name == "error":
        ERRORS.labels(event.data["code"]).inc()
        return "failed"
    if event.name != "done":
        return None
    SENTENCES.labels("withheld").inc(event.data.get("withheld", 0))
    for stage, milliseconds in event.data["timings"].items():
        if milliseconds is not None:
            STAGES.labels(stage.removesuffix("_ms")).observe(milliseconds / 1000)
    return "abstained" if event.data["abstained"] else "answered"
