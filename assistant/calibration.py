"""How close is close: cosines differ from embedder to embedder, so each one's thresholds are measured and kept here.

docs/decisions/0004-verdicts.md says how they were measured and shows the figures.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Cosine thresholds of one embedder. 0 asks nothing of meaning (words decide); above 1 nothing can pass.

    `close`: a sentence and what it cites; `close_across`: the same in two languages; `proposed`: for a citation the
    server proposes. `never`: a question whose best passage is below it has no answer here; `doubtful`: nor below this,
    unless the passages hold its words; `across`: that bound where question and passages are in different languages.
    `asked`: a question and a sentence that is quoted for it, though the model said something else.
    """

    close: float
    close_across: float
    proposed: float
    never: float
    doubtful: float
    across: float
    asked: float = 1.1


# An embedder nobody has calibrated: words decide, and nothing is proved across languages.
UNCALIBRATED = Calibration(close=0.0, close_across=1.1, proposed=0.0, never=0.0, doubtful=1.1, across=1.1)
_MEASURED = {
    "multilingual-e5-small": Calibration(
        close=0.90, close_across=0.87, proposed=0.92, never=0.76, doubtful=0.84, across=0.78, asked=0.92
    )
}


def calibration_of(embedder_name: str) -> Calibration:
    """The thresholds of that embedder, or UNCALIBRATED."""
    return _MEASURED.get(embedder_name, UNCALIBRATED)
