"""Figures as Markdown tables, for the terminal and for docs/reference/quality.md. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from assistant.evaluation.summary import ALL

RETRIEVAL = ("hit@1", "hit@3", "hit@5", "recall@5", "recall@10", "ndcg@10", "all_evidence@10")
ANSWERS = (
    "correct",
    "page_precision",
    "page_recall",
    "sentence_precision",
    "sentence_recall",
    "unsupported_shown",
    "refused_unanswerable",
    "refused_answerable",
)
TIMES = tuple(f"{part}_p{share}_ms" for part in ("retrieve", "first_token", "total") for share in (50, 95))
Row = Mapping[str, Any]
# Marked for translation: the administration shows them in the reader's language, pages in English.
LABELS = {
    "questions": gettext_noop("questions"),
    "ndcg@10": "nDCG@10",
    "all_evidence@10": gettext_noop("all evidence@10"),
    "correct": gettext_noop("answer correct"),
    "page_precision": gettext_noop("cited pages right"),
    "page_recall": gettext_noop("evidence cited"),
    "sentence_precision": gettext_noop("proved sentences right"),
    "sentence_recall": gettext_noop("sentences rightly proved"),
    "unsupported_shown": gettext_noop("unsupported shown"),
    "refused_unanswerable": gettext_noop("unanswerable refused"),
    "refused_answerable": gettext_noop("answerable refused"),
    "retrieve_p50_ms": gettext_noop("search, p50"),
    "retrieve_p95_ms": gettext_noop("search, p95"),
    "first_token_p50_ms": gettext_noop("first word, p50"),
    "first_token_p95_ms": gettext_noop("first word, p95"),
    "total_p50_ms": gettext_noop("whole answer, p50"),
    "total_p95_ms": gettext_noop("whole answer, p95"),
}


def by_group(groups: Mapping[str, Row], names: Sequence[str]) -> list[str]:
    """One row for each group of questions (all, languages, kinds), one column for each figure that any of them has."""
    shown = [name for name in names if any(row.get(name) is not None for row in groups.values())]
    rows = [
        [name, str(row["questions"]), *(value(figure, row.get(figure)) for figure in shown)]
        for name, row in ordered(groups)
    ]
    return lines(["group", "questions", *(label(name) for name in shown)], rows) if shown else []


def ordered(groups: Mapping[str, Row]) -> list[tuple[str, Row]]:
    """All questions first, then kinds and languages, then kinds in languages."""
    return sorted(groups.items(), key=lambda one: (one[0] != ALL, one[0].count("/"), one[0]))


def side_by_side(summary: Mapping[str, Any], systems: Mapping[str, str]) -> list[str]:
    """One row for each figure of all questions, one column for each system, by its heading."""
    columns = {heading: summary[name]["groups"][ALL] for name, heading in systems.items() if name in summary}
    named = [
        name for name in ("questions", *RETRIEVAL, *ANSWERS, *TIMES) if any(_has(row, name) for row in columns.values())
    ]
    rows = [[label(name), *(value(name, row.get(name)) for row in columns.values())] for name in named]
    return lines(["", *columns], rows)


def label(name: str) -> str:
    """The figure's heading."""
    return LABELS.get(name, name)


def value(name: str, figure: float | None) -> str:
    """The figure as a reader sees it: shares with three decimals, times in milliseconds."""
    if figure is None:
        return "–"
    if name == "questions":
        return str(figure)
    return f"{figure:,.0f} ms" if name.endswith("_ms") else f"{figure:.3f}"


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    return [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _has(row: Row, name: str) -> bool:
    return row.get(name) is not None
