"""Every score on cases whose value was computed by hand."""

from math import log2

import pytest

from assistant.evaluation import scores
from assistant.evaluation.scores import RiskPoint, Share, ShownSentence

TWO = [["a", "b"], ["c"]]


def test_recall_is_the_share_of_groups_found():
    assert scores.recall_at(["x", "b", "y"], TWO, 3) == 0.5


def test_recall_looks_no_further_than_k():
    assert scores.recall_at(["x", "y", "a", "c"], TWO, 3) == 0.5


def test_two_members_of_one_group_count_once():
    assert scores.recall_at(["a", "b"], TWO, 2) == 0.5


def test_hit_needs_any_group():
    assert scores.hit_at(["x", "c"], TWO, 2) == 1.0


def test_hit_looks_no_further_than_k():
    assert scores.hit_at(["x", "c"], TWO, 1) == 0.0


def test_all_evidence_needs_every_group():
    assert scores.all_evidence_at(["a", "x", "b"], TWO, 3) == 0.0


def test_all_evidence_is_one_where_every_group_is_found():
    assert scores.all_evidence_at(["b", "x", "c"], TWO, 3) == 1.0


def test_ndcg_of_one_group_at_rank_two():
    assert scores.ndcg_at(["x", "a"], [["a"]], 10) == pytest.approx(1 / log2(3))


def test_ndcg_of_two_groups_at_ranks_one_and_four():
    found = scores.ndcg_at(["a", "x", "b", "c"], TWO, 10)
    assert found == pytest.approx((1 + 1 / log2(5)) / (1 + 1 / log2(3)))


def test_ndcg_is_divided_by_what_k_can_hold():
    assert scores.ndcg_at(["a", "c"], TWO, 1) == 1.0


def test_ndcg_of_a_page_that_covers_both_groups_is_one():
    assert scores.ndcg_at(["p"], [["p"], ["p", "q"]], 10) == 1.0


@pytest.mark.parametrize("score", [scores.recall_at, scores.hit_at, scores.all_evidence_at, scores.ndcg_at])
def test_a_question_without_evidence_has_no_retrieval_score(score):
    with pytest.raises(ValueError, match="without evidence"):
        score(["a"], [], 10)


def test_an_answer_is_right_where_every_group_has_a_string_in_it():
    assert scores.is_correct("It takes 45 N·m, twice.", [["45"], ["twice", "two times"]])


def test_an_answer_that_lacks_a_group_is_wrong():
    assert not scores.is_correct("It takes 45 N·m.", [["45"], ["twice", "two times"]])


def test_width_case_and_blanks_do_not_make_an_answer_wrong():
    assert scores.is_correct("最低２５６ メガバイト（ＲＡＭ）", [["256メガバイト"], ["ram"]])


def test_what_expects_nothing_cannot_be_right():
    with pytest.raises(ValueError, match="expects nothing"):
        scores.is_correct("anything", [])


def test_citation_precision_counts_each_page_once():
    assert scores.citation_precision(["a", "a", "x", "y"], TWO) == Share(1, 3)


def test_citation_recall_counts_groups():
    assert scores.citation_recall(["a", "b", "x"], TWO) == Share(1, 2)


SENTENCES = [
    ShownSentence(True, ("a",)),
    ShownSentence(True, ("x", "c")),
    ShownSentence(True, ("x",)),
    ShownSentence(False, ("a",)),
    ShownSentence(False),
]


def test_sentence_precision_is_over_supported_sentences():
    assert scores.sentence_precision(SENTENCES, TWO) == Share(2, 3)


def test_sentence_recall_is_over_all_sentences():
    assert scores.sentence_recall(SENTENCES, TWO) == Share(2, 5)


def test_unsupported_shown_is_over_all_sentences():
    assert scores.unsupported_shown(SENTENCES) == Share(2, 5)


def test_refusals_are_counted():
    assert scores.refused([True, False, True]) == Share(2, 3)


def test_pooling_adds_hits_and_totals():
    assert scores.pooled([Share(1, 1), Share(0, 3)]).value == 0.25


def test_a_share_of_nothing_has_no_value():
    assert Share(0, 0).value is None


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.95, 4.0), (0.25, 1.0), (0.0, 1.0)])
def test_percentiles_are_values_that_occur(share, value):
    assert scores.percentile([4.0, 1.0, 3.0, 2.0], share) == value


def test_latency_is_split_and_skips_what_was_not_measured():
    rows = [
        {"retrieve_ms": 10.0, "first_token_ms": None, "total_ms": 20.0},
        {"retrieve_ms": 30.0, "first_token_ms": 500.0, "total_ms": 900.0},
    ]
    assert scores.latency(rows) == {
        "retrieve_p50_ms": 10.0,
        "retrieve_p95_ms": 30.0,
        "first_token_p50_ms": 500.0,
        "first_token_p95_ms": 500.0,
        "total_p50_ms": 20.0,
        "total_p95_ms": 900.0,
    }


def test_the_curve_lowers_the_threshold_answer_by_answer():
    found = scores.coverage_risk([(0.5, False), (0.9, True), (0.7, True)], 4)
    assert found == [RiskPoint(0.9, 0.25, 0.0), RiskPoint(0.7, 0.5, 0.0), RiskPoint(0.5, 0.75, pytest.approx(1 / 3))]


def test_answers_of_one_confidence_are_one_point():
    assert scores.coverage_risk([(0.9, True), (0.9, False)], 2) == [RiskPoint(0.9, 1.0, 0.5)]
