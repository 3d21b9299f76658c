"""Outcomes become figures, tables, a page and a plot; every value here was computed by hand."""

import pytest
from django.utils import timezone

from assistant.evaluation import tables
from assistant.evaluation.page import quality_page
from assistant.evaluation.plot import Series, line_plot
from assistant.evaluation.summary import Row, summarise
from assistant.models import EvaluationRun


def row(kind="fact", language="en", *, evidence=("p:1",), abstained=False, right=True, sentences=(), **more):
    answerable = kind != "unanswerable"
    gold = {"evidence": [[page] for page in evidence] if answerable else [], "expect": [], "answerable": answerable}
    shown = [{"text": "t", "supported": supported, "cited": list(cited)} for supported, *cited in sentences]
    outcome = {"pages": ["p:1", "p:2"], "confidence": 0.9, "right": right, "abstained": abstained, "sentences": shown}
    return Row(kind, language, gold, {**outcome, "timings": {"retrieve_ms": 10.0, "total_ms": 100.0}, **more})


ROWS = [
    row(sentences=[(True, "p:1"), (True, "p:2"), (False,)]),
    row("table", "ja", evidence=("p:2", "p:3"), right=False, sentences=[(True, "p:2")], confidence=0.8),
    row("table", "en", abstained=True, right=False),
    row("unanswerable", "en", abstained=True),
    row("unanswerable", "ja", right=False, sentences=[(True, "p:1")], confidence=0.7),
]
EXPECTED = {
    "questions": 5,
    "hit@1": 2 / 3,
    "hit@5": 1.0,
    "recall@10": (1 + 0.5 + 1) / 3,
    "all_evidence@10": 2 / 3,
    "correct": 1 / 3,
    "page_precision": 2 / 3,
    "page_recall": 2 / 3,
    "sentence_precision": 2 / 3,
    "sentence_recall": 2 / 4,
    "unsupported_shown": 1 / 4,
    "refused_unanswerable": 1 / 2,
    "refused_answerable": 1 / 3,
    "retrieve_p50_ms": 10.0,
    "first_token_p50_ms": None,
    "total_p95_ms": 100.0,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_figures_of_all_questions(name):
    assert summarise(ROWS)["groups"]["all"][name] == pytest.approx(EXPECTED[name])


def test_each_kind_in_each_language_is_a_group():
    assert summarise(ROWS)["groups"]["table/ja"]["questions"] == 1


def test_the_curve_counts_refused_questions_as_not_covered():
    assert summarise(ROWS)["curve"] == [[0.9, 0.2, 0.0], [0.8, 0.4, 0.5], [0.7, 0.6, 0.6667]]


def test_search_alone_has_no_figures_of_answers():
    found = {"pages": ["p:1"], "confidence": 0.9, "right": True, "timings": {"retrieve_ms": 1.0}}
    groups = summarise([Row("fact", "en", {"evidence": [["p:1"]], "answerable": True}, found)])["groups"]
    assert (groups["all"]["hit@1"], groups["all"]["correct"]) == (1.0, None)


def test_a_table_begins_with_all_questions():
    assert tables.by_group(summarise(ROWS)["groups"], ["hit@1"])[:3] == [
        "| group | questions | hit@1 |",
        "| --- | --- | --- |",
        "| all | 5 | 0.667 |",
    ]


def test_a_table_leaves_out_figures_that_nothing_has():
    assert tables.by_group(summarise(ROWS)["groups"], ["first_token_p50_ms"]) == []


def test_times_are_shown_in_milliseconds():
    assert tables.value("total_p95_ms", 12345.6) == "12,346 ms"


@pytest.fixture
def run():
    summary = {
        "tenkyo": summarise(ROWS),
        "baseline": summarise(ROWS[:1]),
        "published": summarise([row("jsquad", "ja"), row("lit-ragbench en", "en")]),
    }
    return EvaluationRun(
        pk=7,
        name="first",
        embedder="e5",
        model="qwen",
        summary=summary,
        settings={"golden": "tests/golden", "split": "report", "sample": 5, "seed": 1, "kinds": []},
        finished_at=timezone.now(),
    )


def test_the_page_has_product_and_baseline_side_by_side(run):
    page = quality_page(run)
    assert "|  | Tenkyo | LlamaIndex default |" in page
    assert "| answer correct | 0.333 | 1.000 |" in page


def test_the_page_names_what_was_asked(run):
    assert "split: report; kinds: all; sample: 5 drawn with seed 1" in quality_page(run)


def test_published_sets_stand_apart(run):
    page = quality_page(run)
    assert "| jsquad | 1 | 1.000 |" in page.split("## Published sets")[1]


def test_a_plot_leaves_out_what_has_no_values():
    plot = line_plot("p", ["#1"], [Series("none", (None,)), Series("some", (0.5,))])
    assert ("none</text>" in plot, "some</text>" in plot) == (False, True)


def test_a_plot_s_names_do_not_lie_on_each_other():
    plot = line_plot("p", ["#1"], [Series("one", (0.5,)), Series("two", (0.5,))])
    heights = [plot.split(f">{name}<")[0].rsplit('y="', 1)[1].split('"')[0] for name in ("one", "two")]
    assert abs(float(heights[0]) - float(heights[1])) >= 12


def test_a_plot_s_names_are_escaped():
    assert "<b>" not in line_plot("<b>", ["<b>"], [Series("<b>", (0.5,))])


def test_a_plot_of_no_run_is_empty_but_whole():
    assert line_plot("p", [], []).endswith("</svg>")
