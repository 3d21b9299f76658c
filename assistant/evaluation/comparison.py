"""Two runs, question by question: what went from right to wrong first."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from assistant.models import EvaluationResult, EvaluationRun


class Turn(IntEnum):
    """What became of a question from one run to the next, in the order they are listed."""

    WORSE = 0
    BETTER = 1
    OTHER = 2
    GONE = 3
    NEW = 4
    SAME = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One question's results in both runs; None where a run did not ask it."""

    turn: Turn
    before: EvaluationResult | None
    after: EvaluationResult | None

    @property
    def either(self) -> EvaluationResult:
        """The later result, or the only one."""
        found = self.after or self.before
        assert found is not None
        return found


def changes(before: EvaluationRun, after: EvaluationRun) -> list[Change]:
    """Every question of either run: worse, better, answered otherwise, gone, new, the same; then by system and id."""
    old, new = _by_question(before), _by_question(after)
    found = [Change(_turn(old.get(key), new.get(key)), old.get(key), new.get(key)) for key in old.keys() | new.keys()]
    return sorted(found, key=lambda one: (one.turn, one.either.system, one.either.question_id))


def _by_question(run: EvaluationRun) -> dict[tuple[str, str], EvaluationResult]:
    return {(row.system, row.question_id): row for row in run.results.all()}


def _turn(before: EvaluationResult | None, after: EvaluationResult | None) -> Turn:
    if before is None or after is None:
        return Turn.NEW if before is None else Turn.GONE
    was, now = bool(before.outcome["right"]), bool(after.outcome["right"])
    if was != now:
        return Turn.BETTER if now else Turn.WORSE
    return Turn.SAME if _shown(before.outcome) == _shown(after.outcome) else Turn.OTHER


def _shown(outcome: dict[str, Any]) -> tuple[Any, ...]:
    """What a user sees: the answer with its verdicts and pages; without an answer the pages found."""
    if "abstained" not in outcome:
        return tuple(outcome["pages"])
    sentences = tuple((one["text"], one["supported"], tuple(one["cited"])) for one in outcome["sentences"])
    return (outcome["abstained"], *sentences)
