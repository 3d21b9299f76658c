"""Spans and their scores on cases whose value was computed by hand."""

import pytest

from assistant.evaluation.spans import Covered, Ruler, Span, covered, mean, touching, visible

NEEDED = [Span("a", 10, 20)]


def test_blanks_are_not_counted():
    assert Ruler("a", ["ab  cd\nef"]).span(4, 9) == Span("a", 2, 6)


def test_a_span_on_a_later_page_goes_on_from_the_pages_before():
    assert Ruler("a", ["ab c", " de"]).span(1, 3, page=2) == Span("a", 3, 5)


def test_two_settings_of_a_text_are_the_same_without_their_blanks():
    assert visible(["ab c", "\nde"]) == visible(["a b c de"])


def test_what_is_found_exactly_scores_one():
    assert covered(NEEDED, NEEDED) == Covered(1.0, 1.0, 1.0, 10)


def test_half_found_in_twice_as_much():
    assert covered([Span("a", 15, 35)], NEEDED) == Covered(recall=0.5, precision=0.25, iou=0.2, length=20)


def test_what_is_found_twice_counts_once():
    assert covered([Span("a", 10, 20), Span("a", 12, 20)], NEEDED) == Covered(1.0, 1.0, 1.0, 10)


def test_the_same_place_in_another_text_is_not_found():
    assert covered([Span("b", 10, 20)], NEEDED) == Covered(0.0, 0.0, 0.0, 10)


def test_nothing_found_scores_nothing():
    assert covered([], NEEDED) == Covered(0.0, 0.0, 0.0, 0)


def test_a_question_that_needs_nothing_has_no_score():
    with pytest.raises(ValueError, match="needs nothing"):
        covered(NEEDED, [])


def test_chunks_that_only_border_on_what_is_needed_do_not_hold_it():
    assert touching([Span("a", 0, 10), Span("a", 19, 30), Span("b", 10, 20)], NEEDED) == 1


def test_the_mean_is_over_questions():
    assert mean([Covered(1.0, 0.5, 0.5, 10), Covered(0.0, 0.0, 0.0, 30)]) == Covered(0.5, 0.25, 0.25, 20)
