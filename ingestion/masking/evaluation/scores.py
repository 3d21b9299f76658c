"""What was found against what is there: precision, recall and characters that stayed readable, by kind. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingestion.masking.evaluation.generated import Sentence
from ingestion.masking.spans import Span

_HALF = 0.5


@dataclass(slots=True)
class Score:
    """`there`: spans of this kind; `whole`: of them, those masked to the last character, as this kind or another.

    `found`: spans masked as this kind; `right`: of them, those that lie on personal data of this kind by half and more.
    """

    there: int = 0
    whole: int = 0
    found: int = 0
    right: int = 0
    characters: int = 0
    readable: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float | None:
        """Share of what is there that is masked whole."""
        return self.whole / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        """Share of what is masked that is personal data of that kind."""
        return self.right / self.found if self.found else None

    @property
    def left(self) -> float | None:
        """Share of the characters of personal data that stayed readable."""
        return self.readable / self.characters if self.characters else None


Scores = dict[tuple[str, str], Score]


def scored(pairs: Iterable[tuple[Sentence, Sequence[Span]]]) -> Scores:
    """Scores by (kind, language); the kind "all" holds the sum."""
    scores: Scores = {}
    for sentence, found in pairs:
        covered = {place for span in found for place in range(span.start, span.end)}
        for span in sentence.spans:
            for kind in (span.kind.value, "all"):
                _there(scores.setdefault((kind, sentence.language), Score()), sentence, span, covered)
        for span in found:
            for kind in (span.kind.value, "all"):
                _found(scores.setdefault((kind, sentence.language), Score()), sentence, span)
    return scores


def _there(score: Score, sentence: Sentence, span: Span, covered: set[int]) -> None:
    places = [place for place in range(span.start, span.end) if not sentence.text[place].isspace()]
    readable = sum(place not in covered for place in places)
    score.there += 1
    score.whole += readable == 0
    score.characters += len(places)
    score.readable += readable
    if readable:
        score.missed.append(f"{sentence.text[span.start : span.end]} | {sentence.text}")


def _found(score: Score, sentence: Sentence, span: Span) -> None:
    shared = sum(
        max(0, min(span.end, one.end) - max(span.start, one.start)) for one in sentence.spans if one.kind == span.kind
    )
    right = shared >= _HALF * (span.end - span.start)
    score.found += 1
    score.right += right
    if not right:
        score.wrong.append(f"{sentence.text[span.start : span.end]} | {sentence.text}")
