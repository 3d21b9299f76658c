"""docs/reference/verdicts.md and its two plots: what the check of a sentence keeps and what it catches. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.calibration import Calibration
from assistant.citations import HELD
from assistant.evaluation import tables
from assistant.evaluation.plot import Series, line_plot
from assistant.evaluation.scores import Share
from assistant.evaluation.verdicts import CLOSES, HELDS, LABELS, Caught, Measured, as_shipped, curves, share_kept

PLOTS = {"words": "verdicts-words.svg", "closeness": "verdicts-closeness.svg"}
_GRID_HELD, _GRID_CLOSE = (0.0, 0.3, 0.4, 0.5, 0.6, 0.8), (0.0, 0.88, 0.90, 0.92, 0.94, 0.96)
_MISSED_SHOWN = 3
_JNLI = "The first {} pairs of JNLI (validation has 2,434): the first sentence is cited for the second."
_CLOSENESS = (
    "Closeness does not tell a contradiction from an entailment. Words tell neutral pairs apart and cost paraphrases."
)
_GENERATED = """\
Sentences of manuals in both languages with one thing changed (assistant/evaluation/contradictions.py): the share that
the literal and negation checks see, by themselves. It should be 1."""
_LIMITS = """\
A number is never changed to one that stands elsewhere in the sentence, and a sentence with a second denial is not
turned round: what is meant is then not certain."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All that was measured, with the embedder and its thresholds. Nothing for what was not there."""

    embedder: str
    calibration: Calibration
    rows: Sequence[Measured]
    caught: Sequence[Caught]
    unharmed: Share


def page(found: Verdicts) -> str:
    """The page's text."""
    parts = [
        "# Verdicts",
        "<!-- Made by manage.py evaluate_verdicts --write. Do not edit. -->",
        *_pairs(found),
        *_wrong(found),
    ]
    return "\n\n".join(parts) + "\n"


def plots(found: Verdicts) -> dict[str, str]:
    """File name → SVG of each threshold's curve."""
    kept = curves(found.rows, close=found.calibration.close, held=HELD)
    bounds = {"words": HELDS, "closeness": CLOSES}
    return {
        file: _drawn(f"Share kept by the bound on {name}", bounds[name], kept[name]) for name, file in PLOTS.items()
    }


def _drawn(title: str, bounds: Sequence[float], kept: dict[str, list[float | None]]) -> str:
    drawn = line_plot(title, [f"{one:g}" for one in bounds], [Series(name, tuple(kept[name])) for name in LABELS])
    # A file of its own needs the name space, and a ground that black lines are seen on in a dark viewer too.
    head = '<svg xmlns="http://www.w3.org/2000/svg" style="background:white" '
    return drawn.replace("<svg ", head, 1) + "\n"


def _pairs(found: Verdicts) -> list[str]:
    close = found.calibration.close
    return [
        f"Embedder {found.embedder}; shipped bounds: words {HELD:.2f}, closeness {close:.2f}.",
        _JNLI.format(len(found.rows)),
        "## The whole check as shipped",
        _table(["label", "pairs", "kept as proved", "source quoted in its place"], _shipped(found.rows)),
        "Kept should be high for entailment and 0 for the others. A source that is quoted is true whatever was said.",
        "## The thresholds' curves",
        f"Share kept by the literal, negation and support checks, by the bound on words (closeness {close:.2f}):",
        f"![Share kept by the bound on words; the table below has the values]({PLOTS['words']})",
        f"By the bound on closeness (words {HELD:.2f}):",
        f"![Share kept by the bound on closeness; the table below has the values]({PLOTS['closeness']})",
        "Entailment / neutral / contradiction, down the bound on words, across the bound on closeness:",
        _table(["words", *(f"{one:.2f}" for one in _GRID_CLOSE)], [_grid_row(found.rows, held) for held in _GRID_HELD]),
        _CLOSENESS,
    ]


def _shipped(rows: Sequence[Measured]) -> list[list[str]]:
    found = []
    for label in LABELS:
        kept, quoted = as_shipped(rows, label)
        found.append([label, str(kept.total), _share(kept), _share(quoted)])
    return found


def _grid_row(rows: Sequence[Measured], held: float) -> list[str]:
    cells = (
        " / ".join(_share(share_kept(rows, label, close=close, held=held)) for label in LABELS) for close in _GRID_CLOSE
    )
    return [f"{held:.1f}", *cells]


def _wrong(found: Verdicts) -> list[str]:
    rows = [[one.kind, str(one.share.total), _share(one.share)] for one in found.caught]
    missed = [line for one in found.caught for line in _missed(one)]
    return [
        "## Generated contradictions",
        _GENERATED,
        _table(["changed", "sentences", "caught"], rows),
        f"Of {found.unharmed.total} sentences said as they stand, {found.unharmed.hits} are not spoken against.",
        _LIMITS,
        *(["### Not seen", "\n".join(missed)] if missed else []),
    ]


def _missed(caught: Caught) -> list[str]:
    return [f"- {caught.kind}: “{source}” → “{said}”" for source, said in caught.missed[:_MISSED_SHOWN]]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(tables.lines(head, rows))


def _share(share: Share) -> str:
    return tables.value("share", share.value)
