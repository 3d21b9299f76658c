"""docs/reference/quality.md: the figures of one run, what they mean, and how to get them again. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.evaluation import tables
from assistant.evaluation.summary import ALL
from assistant.models import EvaluationRun

SYSTEMS = {"tenkyo": "Tenkyo", "baseline": "LlamaIndex default"}
_CURVE_POINTS = 12
_MEANINGS = """\
- hit, recall, nDCG and all evidence at k are of the pages found, best first. A question's evidence is groups of pages:
  every group is needed, any page of a group will do. The baseline finds no more than its default top-k brings.
- answer correct: of answerable questions, those whose answer has every expected word (tests/golden/README.md). A
  refusal is not correct.
- cited pages right: of the pages cited in answers, those that are evidence. evidence cited: of the evidence groups of
  answered questions, those with a cited page.
- proved sentences right: of the sentences shown as supported, those that cite a page of the evidence. sentences rightly
  proved: the same of all sentences shown. unsupported shown: of all sentences shown, those marked unsupported. The
  baseline marks nothing: a sentence with a citation counts as supported.
- unanswerable refused should be 1, answerable refused 0. The baseline refuses where it cites nothing."""


def quality_page(run: EvaluationRun) -> str:
    """The page's text. The run must be complete."""
    parts = [
        "# Quality",
        "<!-- Made by `make evaluate` (manage.py evaluate --write). Do not edit. -->",
        _about(run),
        *_golden(run.summary),
        *_published(run.summary),
        "## What the figures mean",
        _MEANINGS,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(run: EvaluationRun) -> str:
    options = run.settings
    finished = f"{run.finished_at:%Y-%m-%d}" if run.finished_at else "unfinished"
    told = {
        "golden set": options.get("golden"),
        "split": options.get("split") or "all",
        "kinds": ", ".join(options.get("kinds", ())) or "all",
        "sample": f"{options['sample']} drawn with seed {options['seed']}" if options.get("sample") else "all",
    }
    said = "; ".join(f"{name}: {value}" for name, value in told.items() if value)
    models = f"embedder {run.embedder}" + (f", answers by {run.model}" if run.model else ", search only")
    return f"Run {run}, {finished}: {models}.\n{said}. Repeat it with `make evaluate`."


def _golden(summary: Mapping[str, Any]) -> Iterable[str]:
    systems = {name: heading for name, heading in SYSTEMS.items() if name in summary}
    if not systems:
        return
    yield "## All questions"
    yield "\n".join(tables.side_by_side(summary, systems))
    for name, heading in systems.items():
        for title, figures in (("search", tables.RETRIEVAL), ("answers", tables.ANSWERS), ("time", tables.TIMES)):
            rows = tables.by_group(summary[name]["groups"], figures)
            if rows:
                yield f"## {heading}: {title} by kind and language"
                yield "\n".join(rows)
        yield from _curve(heading, summary[name]["curve"])


def _curve(heading: str, points: Sequence[Sequence[float]]) -> Iterable[str]:
    if not points:
        return
    yield f"## {heading}: coverage and risk"
    yield (
        "Were answers withheld whose best passage is less similar to the question than the threshold: the share of "
        "questions still answered, and the share of those answered wrongly."
    )
    step = max(1, len(points) // _CURVE_POINTS)
    shown = [*points[:-1:step], points[-1]]
    rows = [[f"{threshold:.3f}", f"{coverage:.3f}", f"{risk:.3f}"] for threshold, coverage, risk in shown]
    yield "\n".join(tables.lines(["threshold", "coverage", "risk"], rows))


def _published(summary: Mapping[str, Any]) -> Iterable[str]:
    if "published" not in summary:
        return
    groups = summary["published"]["groups"]
    kinds = {name: row for name, row in groups.items() if name not in {ALL, "ja", "en"} and "/" not in name}
    yield "## Published sets"
    yield "Every passage is a page of a document, found through the product's own search."
    yield "\n".join(tables.by_group(kinds, tables.RETRIEVAL))
